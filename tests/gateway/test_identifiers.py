"""Identifiers: public codes are right, every other check character is wrong, blanks are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId, check_character, complaint

PUBLIC_AREAS = [
    "10YNO-1--------2", "10YNO-2--------T", "10YNO-3--------J", "10YNO-4--------9", "10Y1001A1001A48H",
    "10Y1001A1001A44P", "10Y1001A1001A45N", "10Y1001A1001A46L", "10Y1001A1001A47J", "10YFI-1--------U",
    "10YDK-1--------W", "10YDK-2--------M", "10YFR-RTE------C", "10YBE----------2", "10YNL----------L",
]  # fmt: skip


@pytest.mark.parametrize("code", PUBLIC_AREAS)
def test_public_area_codes_are_right(code: str) -> None:
    assert complaint(AreaId(code, "A01")) is None
    assert check_character(code[:-1]) == code[-1]


@pytest.mark.parametrize("code", PUBLIC_AREAS)
def test_every_other_check_character_is_wrong(code: str) -> None:
    others = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") - {code[-1]}
    assert all(
        complaint(AreaId(code[:-1] + other, "A01")) == f"an EIC with check character {code[-1]}" for other in others
    )


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (PartyId("10X1001A1001A38Y", "A01"), None),
        (PartyId("10YNO-2--------T", "A01"), "an EIC of type X"),
        (AreaId("10X1001A1001A38Y", "A01"), "an EIC of type Y"),
        (ResourceId("10YNO-2--------T", "A01"), "an EIC of type W or T or A or Z"),
        (AreaId("10YNO-2-------T", "A01"), "an EIC of 16 characters 0-9, A-Z and -"),
        (AreaId("10yno-2--------t", "A01"), "an EIC of 16 characters 0-9, A-Z and -"),
        (AreaId(" 10YNO-2--------T", "A01"), "an EIC of 16 characters 0-9, A-Z and -"),
        (AreaId("10YNO_2--------T", "A01"), "an EIC of 16 characters 0-9, A-Z and -"),
        (PartyId("5790000432752", "A10"), None),
        (PartyId("5790000432753", "A10"), "a GS1 number of 13 digits with a right check digit"),
        (PartyId("96385074", "A10"), "a GS1 number of 13 digits with a right check digit"),
        (MeteringPointId("571313180400000001", "A10"), None),
        (MeteringPointId("571313180400000002", "A10"), "a GS1 number of 18 digits with a right check digit"),
        (MeteringPointId("5790000432752", "A10"), "a GS1 number of 18 digits with a right check digit"),
        (MeteringPointId("\u0665" * 18, "A10"), "a GS1 number of 18 digits with a right check digit"),
        (MeteringPointId("10YNO-2--------T", "A01"), "an EIC of type Z"),
        (ResourceId("NOKG90901", "NNO"), None),
    ],
)
def test_complaints(identifier: Identifier, expected: str | None) -> None:
    assert complaint(identifier) == expected


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=12, max_size=12), st.integers(0, 14))
def test_one_changed_character_is_noticed(body: str, at: int) -> None:
    code = f"10Y{body}"
    whole = code + check_character(code)
    changed = whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]
    assert complaint(AreaId(changed, "A01")) is not None


@pytest.mark.parametrize(("value", "scheme"), [("", "A01"), ("  ", "A01"), ("10YNO-2--------T", "")])
def test_a_blank_identifier_is_refused(value: str, scheme: str) -> None:
    with pytest.raises(InvalidValue):
        AreaId(value, scheme)


def test_a_party_is_not_an_area() -> None:
    same: tuple[Identifier, Identifier] = (PartyId("10X1001A1001A38Y", "A01"), AreaId("10X1001A1001A38Y", "A01"))
    assert same[0] != same[1]


def test_a_body_that_is_no_eic_has_no_check_character() -> None:
    with pytest.raises(InvalidValue):
        check_character("10YNO_2--------")
