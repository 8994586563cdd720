"""Energy Identification Codes by hand: the weighted sum, every type letter against every kind of identifier, GS1 numbers.

The check character (ENTSO-E EIC Reference Manual, 4.2): the 15 characters count 0-9, A-Z = 10-35, - = 36; they are
weighed with 16, 15 ... 2; the check value is 36 - (sum - 1) mod 37.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.identifiers import (
    AreaId,
    EicType,
    Identifier,
    MeteringPointId,
    PartyId,
    ResourceId,
    check_character,
    complaint,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
NO_EIC = "an EIC of 16 characters 0-9, A-Z and -"
bodies = st.text(ALPHABET, min_size=15, max_size=15)


def by_the_manual(body: str) -> str:
    """Return the check character by the published sum and nothing else."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(range(16, 1, -1), body, strict=True))
    return ALPHABET[36 - (total - 1) % 37]


def whole(letter: str) -> str:
    """Return a right code of one type; of two bodies, at most one would have a hyphen for its check character."""
    bodies_of = (f"10{letter}--------{word}" for word in ("TEST", "REST"))
    return next(body + last for body in bodies_of if (last := check_character(body)) != "-")


@pytest.mark.parametrize(
    ("body", "character"),
    [
        ("000000000000000", "0"),  # sum 0: 36 - (-1 mod 37) = 36 - 36 = 0
        ("100000000000000", "L"),  # sum 16: 36 - 15 = 21
        ("000000000000001", "Z"),  # sum 2: 36 - 1 = 35
        ("00000000000000A", "H"),  # sum 20: 36 - 19 = 17
        ("10YNO-2--------", "T"),
        ("10X1001A1001A38", "Y"),
    ],
)
def test_check_characters_by_hand(body: str, character: str) -> None:
    assert check_character(body) == character == by_the_manual(body)


@given(bodies)
def test_check_characters_follow_from_the_published_sum(body: str) -> None:
    assert check_character(body) == by_the_manual(body)


@pytest.mark.parametrize(
    "body",
    ["", "10YNO-2-------", "10YNO-2---------", "10yNO-2--------", "10YNO_2--------", "10YNO-2-------É", "1" * 14],
)
def test_only_15_characters_of_the_alphabet_have_a_check_character(body: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_character(body)
    assert str(caught.value) == f"EIC: expected 15 characters of 0-9, A-Z and -, found {body!r}"


LETTERS = {
    PartyId: "X",
    AreaId: "Y",
    ResourceId: "WTAZ",
    MeteringPointId: "Z",
    Identifier: "XYZWTVA",
}


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("letter", EicType)
def test_the_type_letter_fits_what_is_identified(kind: type[Identifier], letter: EicType) -> None:
    allowed = LETTERS[kind]
    expected = None if letter in allowed else f"an EIC of type {' or '.join(allowed)}"
    assert complaint(kind(whole(letter), "A01")) == expected


@pytest.mark.parametrize("letter", sorted(set(ALPHABET) - {kind.value for kind in EicType}))
def test_a_letter_that_means_nothing_fits_nothing(letter: str) -> None:
    assert complaint(Identifier(whole(letter), "A01")) == "an EIC of type X or Y or Z or W or T or V or A"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10YNO-2--------", NO_EIC),
        ("10YNO-2---------T", NO_EIC),
        ("10YNO-2--------t", NO_EIC),
        ("10YNO-2--------T ", NO_EIC),
        ("10YNO 2--------T", NO_EIC),
        ("10YNO-2--------\u0416", NO_EIC),
        ("\uff11\uff10YNO-2--------T", NO_EIC),
        ("10YNO-2--------U", "an EIC with check character T"),
        ("10YNO-3--------T", "an EIC with check character J"),
    ],
)
def test_what_is_no_code_is_told_apart_from_a_wrong_check_character(value: str, expected: str) -> None:
    assert complaint(AreaId(value, "A01")) == expected


def test_a_body_whose_check_character_would_be_a_hyphen_is_no_code() -> None:
    body = "101--------TEST"
    assert check_character(body) == by_the_manual(body) == "-"
    assert complaint(Identifier(f"{body}-", "A01")) == "an EIC whose check character is no hyphen"
    assert complaint(Identifier(f"{body}A", "A01")) == "an EIC whose check character is no hyphen"


@given(bodies, st.integers(0, 14), st.integers(0, 14))
def test_two_characters_that_change_places_are_noticed(body: str, one: int, other: int) -> None:
    assume(body[one] != body[other])
    swapped = list(body)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    # The weights of any two places differ by less than 37, a prime: the sums differ.
    assert check_character("".join(swapped)) != check_character(body)


@pytest.mark.parametrize("scheme", ["NNO", "NFI", "A02", "a01", "A1"])
def test_other_schemes_have_no_check_of_their_own(scheme: str) -> None:
    assert complaint(AreaId("anything at all", scheme)) is None


# ---- GS1


def gs1(digits: str) -> str:
    """Return *digits* with their check digit: weights 3, 1, 3 ... from the right, up to the next ten."""
    total = sum((3, 1)[at % 2] * int(digit) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_party_has_13_digits_and_a_metering_point_18(body: str) -> None:
    place, point = gs1(body), gs1(f"57131{body}")
    assert (len(place), len(point)) == (13, 18)
    assert complaint(PartyId(place, "A10")) is None
    assert complaint(AreaId(place, "A10")) is None
    assert complaint(MeteringPointId(point, "A10")) is None
    assert complaint(MeteringPointId(place, "A10")) == "a GS1 number of 18 digits with a right check digit"
    assert complaint(PartyId(point, "A10")) == "a GS1 number of 13 digits with a right check digit"


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_every_changed_digit_is_noticed(body: str, at: int, by: int) -> None:
    number = gs1(body)
    changed = f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"
    assert complaint(PartyId(changed, "A10")) == "a GS1 number of 13 digits with a right check digit"


# ---- identifiers as values


def test_identifiers_are_sorted_by_value_and_then_by_scheme() -> None:
    drawn = [AreaId("b", "A01"), AreaId("a", "NNO"), AreaId("a", "A01")]
    assert sorted(drawn) == [AreaId("a", "A01"), AreaId("a", "NNO"), AreaId("b", "A01")]
    assert [str(one) for one in sorted(drawn)] == ["A01:a", "NNO:a", "A01:b"]


@pytest.mark.parametrize("kind", [PartyId, AreaId, ResourceId, MeteringPointId], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("value", "scheme"), [("", "A01"), ("\t", "A01"), ("x", "")])
def test_a_blank_identifier_is_refused_by_its_name(kind: type[Identifier], value: str, scheme: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        kind(value, scheme)
    found = repr((value, scheme))
    assert str(caught.value) == f"{kind.__name__}: expected a value and a coding scheme, found {found}"


def test_the_same_value_is_another_thing_under_another_scheme_or_kind() -> None:
    assert len({PartyId("1", "A01"), PartyId("1", "A10"), AreaId("1", "A01"), PartyId("1", "A01")}) == 3
