"""Tables of settings: values that say what they are, and complaints that name place, expected and found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.toml_tables import (
    Amount,
    AreaKey,
    Duration,
    Instant,
    MeteringPointKey,
    PartyKey,
    Power,
    ResolutionKey,
    ResourceKey,
    Step,
    Table,
    ZoneKey,
    read_tables,
)
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.time import QUARTER_HOUR


class Inner(Table):
    """A table with a key of every kind."""

    party: PartyKey | None = None
    area: AreaKey | None = None
    resource: ResourceKey | None = None
    point: MeteringPointKey | None = None
    amount: Amount = Decimal(0)
    power: Power = Decimal(0)
    step: Step = Decimal(1)
    length: Duration = timedelta(0)
    slot: ResolutionKey = QUARTER_HOUR
    zone: ZoneKey | None = None
    at: Instant | None = None


class Outer(Table):
    """A file of two tables, one of them repeated."""

    inner: Inner = Inner()
    rows: tuple[Inner, ...] = ()


TABLES: dict[str, type[Table]] = {"": Outer, "inner": Inner, "rows": Inner}


def read(text: str) -> Outer:
    return read_tables(text, "some.toml", Outer, TABLES)


def value(line: str) -> object:
    """Return the value of the one key that *line* says."""
    inner = read(f"[inner]\n{line}\n").inner
    (key,) = inner.model_fields_set
    return getattr(inner, key)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('party = "10X1001A1001A38Y"', PartyId("10X1001A1001A38Y", "A01")),
        ('party = "A10:7080000000012"', PartyId("7080000000012", "A10")),
        ('area = "10YNO-2--------T"', AreaId("10YNO-2--------T", "A01")),
        ('resource = "NNO:UNIT 1"', ResourceId("UNIT 1", "NNO")),
        ('point = "A10:707057500000000018"', MeteringPointId("707057500000000018", "A10")),
        ("amount = -0.10", Decimal("-0.10")),
        ("amount = 1_000", Decimal(1000)),
        ("power = 0.0", Decimal("0.0")),
        ('length = "PT1M30S"', timedelta(seconds=90)),
        ('slot = "PT15M"', QUARTER_HOUR),
        ("at = 2027-01-14T09:00:00+01:00", datetime(2027, 1, 14, 8, tzinfo=UTC)),
    ],
)
def test_a_value_says_what_it_is(line: str, expected: object) -> None:
    assert value(line) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[inner]\nparty = "10X1001A1001A38Z"\n', "inner.party: expected an EIC with check character Y"),
        ('[inner]\nparty = "10YNO-2--------T"\n', "inner.party: expected an EIC of type X"),
        ('[[rows]]\n[[rows]]\npoint = "A10:1"\n', "rows[2].point: expected a GS1 number of 18 digits"),
        ("[inner]\namount = true\n", "inner.amount: expected a number, found true"),
        ("[inner]\namount = nan\n", "inner.amount: expected a finite number"),
        ("[inner]\npower = -1\n", "inner.power: expected greater than or equal to 0, found -1"),
        ("[inner]\nstep = 0\n", "inner.step: expected greater than 0, found 0"),
        ('[inner]\nlength = "P1D"\n', "inner.length: expected hours, minutes and seconds, such as PT45M, found 'P1D'"),
        ('[inner]\nzone = "Europe/Atlantis"\n', "inner.zone: expected an IANA time zone, such as Europe/Oslo"),
        ("[inner]\nat = 2027-01-14T08:00:00\n", "inner.at: expected an instant with its offset"),
        ('[inner]\nat = "noon"\n', "inner.at: expected an instant with its offset"),
        ("[inner]\nampunt = 1\n", "inner.ampunt: expected 'amount', found an unknown key"),
        ("outer = 1\n", "outer: expected one of inner, rows, found an unknown key"),
        ("[[inner]]\n", "inner: expected a table"),
        ("inner = \n", "some.toml: expected a TOML text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        read(text)
    (told,) = caught.value.exceptions
    assert complaint in str(told)


def test_all_complaints_are_told_at_once_under_the_name_of_the_file() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        read("[inner]\npower = -1\nstep = 0\n[[rows]]\nlength = 1\n")
    assert caught.value.message == "some.toml"
    assert len(caught.value.exceptions) == 3
    assert all(str(error).startswith("some.toml: ") for error in caught.value.exceptions)


def test_an_empty_text_says_the_defaults_and_nothing_is_changed_afterwards() -> None:
    assert read("") == Outer()
    with pytest.raises(ValueError, match="frozen"):
        read("").inner = Inner()
