"""Simple types of market documents: how each reads, writes and is checked.

The types are those of the ENTSO-E schemas (IEC 62325-351 and W3C XML Schema part 2). Rules
1. The lexical form is matched before anything is converted: Python reads ``NaN``, ``1E3``, ``1_000`` and
   Arabic-Indic digits as numbers, XML Schema does not.
2. White space is kept or collapsed as the type's facet says: kept in strings and in the ends of an interval (they
   derive from ``xs:string``), collapsed in codes (``xs:NMTOKEN``), numbers, instants and durations.
3. A broken *form* makes a document unreadable. A broken *facet* (too long, out of range) leaves a value that can be
   kept and reported; so does a code outside its list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

V = TypeVar("V")

XML_SPACE = " \t\n\r"
"""The white space of XML; Python's `str.strip` alone would take more."""

_LONGEST_NUMBER = 200


@dataclass(frozen=True, slots=True)
class Coded:
    """An identifier with the scheme that issued it, such as an EIC under ``A01``; empty where it may be left out."""

    value: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A technical value with its unit, a code of the list ``UnitSymbol``."""

    value: Decimal
    unit: str


class NotLexical(ValueError):
    """A text has not the form that its type demands; the message names the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Generic[V]):
    """The one attribute that some simple values have: its name, its code list, whether it must stand there.

    ``put`` returns the value with the attribute's text, ``get`` that text; it is empty where there is none. ``fixed``
    is the one code that the schema allows, where it does not allow the whole list.
    """

    name: str
    codes: str
    put: Callable[[V, str], V]
    get: Callable[[V], str]
    required: bool = True
    fixed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple(Generic[V]):
    """One simple type of the standard.

    ``name``: as in the schema. ``read`` turns the text (white space collapsed where ``collapse``) into a value and
    raises `NotLexical`; ``write`` is its inverse. ``facet`` says what a value should have been, or None.
    ``codes`` names the code list of the value, ``attribute`` the attribute beside it. ``longest``: greatest number of
    characters. ``allowed``: the values of an enumeration that is no code list. ``varied`` texts hardly ever repeat in
    a document.
    """

    name: str
    read: Callable[[str], V]
    write: Callable[[V], str]
    facet: Callable[[V], str | None] = lambda _: None
    longest: int | None = None
    collapse: bool = True
    codes: str | None = None
    allowed: tuple[str, ...] = ()
    attribute: Attribute[V] | None = None
    varied: bool = False


def _same(text: str) -> str:
    return text


def _at_most(longest: int | None) -> Callable[[str], str | None]:
    return lambda value: None if longest is None or len(value) <= longest else f"at most {longest} characters"


def text(name: str, longest: int | None = None, *, varied: bool = False) -> Simple[str]:
    """Return an ``xs:string`` of at most *longest* characters."""
    return Simple(
        name=name, read=_same, write=_same, facet=_at_most(longest), longest=longest, collapse=False, varied=varied
    )


def code(codes: str) -> Simple[str]:
    """Return the type of the values of a code list; ``code("MessageTypeList")`` is ``MessageTypeList``."""
    return Simple(name=codes, read=_same, write=_same, codes=codes)


def enumerated(name: str, *allowed: str, collapse: bool = False) -> Simple[str]:
    """Return an ``xs:string`` that is one of *allowed*; with *collapse* an ``xs:NMTOKEN``."""
    wanted = f"one of {', '.join(allowed)}"

    def facet(value: str) -> str | None:
        return None if value in allowed else wanted

    return Simple(name=name, read=_same, write=_same, facet=facet, collapse=collapse, allowed=allowed)


def coded(name: str, longest: int, *, required: bool = True) -> Simple[Coded]:
    """Return an identifier of at most *longest* characters with its ``codingScheme``, where that is *required*."""
    limit = _at_most(longest)
    return Simple(
        name=name,
        read=lambda value: Coded(value, ""),
        write=lambda value: value.value,
        facet=lambda value: limit(value.value),
        longest=longest,
        collapse=False,
        attribute=Attribute(
            name="codingScheme",
            codes="CodingSchemeTypeList",
            put=lambda value, scheme: Coded(value.value, scheme),
            get=lambda value: value.scheme,
            required=required,
        ),
    )


def measured(name: str, unit: str) -> Simple[Measured]:
    """Return an unsigned number with its ``unit``, which is always the same."""
    return Simple(
        name=name,
        read=lambda value: Measured(read_unsigned(value), ""),
        write=lambda value: write_decimal(value.value),
        attribute=Attribute(
            name="unit",
            codes="UnitSymbol",
            put=lambda value, text: Measured(value.value, text),
            get=lambda value: value.unit,
            fixed=unit,
        ),
    )


# -------------------------------------------------------------------------------------------------------------- numbers
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")


def read_decimal(text: str) -> Decimal:
    """Read an ``xs:decimal``.

    >>> read_decimal("-11.32")
    Decimal('-11.32')
    """
    if len(text) > _LONGEST_NUMBER or _DECIMAL.fullmatch(text) is None:
        raise NotLexical("a decimal number such as 12.5")
    return Decimal(text)


def read_unsigned(text: str) -> Decimal:
    """Read an ``ESMP_Float``: digits and a point, neither sign nor exponent.

    The schema's pattern lets the empty text and a lone point pass; they are no number.
    """
    if len(text) > _LONGEST_NUMBER or text[:1] in {"+", "-"} or _DECIMAL.fullmatch(text) is None:
        raise NotLexical("a decimal number without sign")
    return Decimal(text)


def read_integer(text: str) -> int:
    """Read an ``xs:integer``."""
    if len(text) > _LONGEST_NUMBER or _INTEGER.fullmatch(text) is None:
        raise NotLexical("a whole number")
    return int(text)


def write_decimal(value: Decimal) -> str:
    """Write an ``xs:decimal``: never with an exponent.

    >>> write_decimal(Decimal("1E3"))
    '1000'
    """
    if not value.is_finite():
        raise NotLexical("a finite number")
    return format(value, "f")


def _total_digits(longest: int) -> Callable[[Decimal], str | None]:
    def facet(value: Decimal) -> str | None:
        whole, _, fraction = format(abs(value), "f").partition(".")
        digits = len(whole.lstrip("0")) + len(fraction.rstrip("0"))
        return f"at most {longest} digits" if digits > longest else None

    return facet


def _within(least: int, greatest: int) -> Callable[[int], str | None]:
    return lambda value: None if least <= value <= greatest else f"a whole number from {least} to {greatest}"


# ------------------------------------------------------------------------------------------------- instants, durations
_DAY, _CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_SECOND = re.compile(rf"{_DAY}T{_CLOCK}:[0-5][0-9]Z")
_MINUTE = re.compile(rf"{_DAY}T{_CLOCK}Z")
_DATE_TIME = re.compile(rf"{_DAY}T{_CLOCK}:[0-5][0-9](?:\.[0-9]{{1,6}})?{_OFFSET}")
_DATE = re.compile(rf"{_DAY}{_OFFSET}?")
_TIME = re.compile(rf"(?:{_CLOCK}:[0-5][0-9](?:\.[0-9]{{1,9}})?|24:00:00(?:\.0{{1,9}})?){_OFFSET}?")
_DURATION = re.compile(
    r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)


def _instant(text: str, form: re.Pattern[str], expected: str) -> datetime:
    if form.fullmatch(text) is None:
        raise NotLexical(expected)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotLexical(f"{expected} that exists") from error


def read_second(text: str) -> datetime:
    """Read an ``ESMP_DateTime``: UTC, to the second, without fraction."""
    return _instant(text, _SECOND, "an instant YYYY-MM-DDThh:mm:ssZ")


def read_minute(text: str) -> datetime:
    """Read a ``YMDHM_DateTime``: UTC, to the minute."""
    return _instant(text, _MINUTE, "an instant YYYY-MM-DDThh:mmZ")


def read_date_time(text: str) -> datetime:
    """Read an ``xs:dateTime`` with an offset and turn it into UTC; without one it names no instant."""
    return _instant(text, _DATE_TIME, "an instant with its offset, YYYY-MM-DDThh:mm:ss+hh:mm or Z")


def read_duration(text: str) -> str:
    """Check an ``xs:duration`` and keep its text: ``PT60M`` is not rewritten to ``PT1H``."""
    if len(text) > _LONGEST_NUMBER or _DURATION.fullmatch(text) is None:
        raise NotLexical("a duration such as PT15M")
    return text


def read_date(text: str) -> str:
    """Check an ``xs:date`` and keep its text; it may carry an offset and names no instant."""
    if _DATE.fullmatch(text) is None:
        raise NotLexical("a date YYYY-MM-DD")
    try:
        date.fromisoformat(text[:10])
    except ValueError as error:
        raise NotLexical("a date YYYY-MM-DD that exists") from error
    return text


def read_time(text: str) -> str:
    """Check an ``xs:time`` and keep its text; with or without an offset it names no instant."""
    if _TIME.fullmatch(text) is None:
        raise NotLexical("a time hh:mm:ss")
    return text


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise NotLexical("an instant with its offset")
    return value.astimezone(UTC)


def write_second(value: datetime) -> str:
    """Write an ``ESMP_DateTime``; another offset is turned into UTC, a naive instant or a fraction is refused."""
    value = _in_utc(value)
    if value.microsecond:
        raise NotLexical("a whole second")
    return value.replace(tzinfo=None).isoformat() + "Z"


def write_minute(value: datetime) -> str:
    """Write a ``YMDHM_DateTime``; another offset is turned into UTC, a naive instant or seconds are refused."""
    value = _in_utc(value)
    if value.second or value.microsecond:
        raise NotLexical("a whole minute")
    return value.replace(tzinfo=None).isoformat(timespec="minutes") + "Z"


def write_date_time(value: datetime) -> str:
    """Write an ``xs:dateTime`` in UTC."""
    return _in_utc(value).replace(tzinfo=None).isoformat() + "Z"


def _revision(value: str) -> str | None:
    return (
        None if re.fullmatch(r"[1-9][0-9]{0,2}", value, re.ASCII) else "a whole number from 1 to 999, no leading zero"
    )


# ------------------------------------------------------------------------------------------------------- types by name
IDENTIFIER = text("ID_String", 60, varied=True)
SHORT_IDENTIFIER = text("ID_String", 35, varied=True)
"""``ID_String`` of older editions."""
STRING = text("string")
REASON_TEXT = text("ReasonText_String", 512)
PAYLOAD_ID = text("PayloadId_String", 150)
REVISION: Simple[str] = Simple(name="ESMPVersion_String", read=_same, write=_same, facet=_revision, collapse=False)
PARTY = coded("PartyID_String", 16)
AREA = coded("AreaID_String", 18)
RESOURCE = coded("ResourceID_String", 60)
SHORT_RESOURCE = coded("ResourceID_String", 18)
"""``ResourceID_String`` of older editions."""
MEASUREMENT_POINT = coded("MeasurementPointID_String", 60)
SHORT_MEASUREMENT_POINT = coded("MeasurementPointID_String", 35)
"""``MeasurementPointID_String`` of older editions."""
ATTRIBUTE_VALUE = coded("AttributeValue_String", 150, required=False)
ACTIVE_POWER = measured("ESMP_ActivePower", "MAW")
VOLTAGE = measured("ESMP_Voltage", "KVT")
UNSIGNED: Simple[Decimal] = Simple(name="ESMP_Float", read=read_unsigned, write=write_decimal)
DECIMAL: Simple[Decimal] = Simple(name="decimal", read=read_decimal, write=write_decimal)
AMOUNT: Simple[Decimal] = Simple(name="Amount_Decimal", read=read_decimal, write=write_decimal, facet=_total_digits(17))
INTEGER: Simple[int] = Simple(name="integer", read=read_integer, write=str)
POSITION: Simple[int] = Simple(name="Position_Integer", read=read_integer, write=str, facet=_within(1, 999_999))
SECOND: Simple[datetime] = Simple(name="ESMP_DateTime", read=read_second, write=write_second)
MINUTE: Simple[datetime] = Simple(name="YMDHM_DateTime", read=read_minute, write=write_minute, collapse=False)
DATE_TIME: Simple[datetime] = Simple(name="dateTime", read=read_date_time, write=write_date_time)
DURATION: Simple[str] = Simple(name="duration", read=read_duration, write=read_duration)
DATE: Simple[str] = Simple(name="date", read=read_date, write=read_date)
TIME: Simple[str] = Simple(name="time", read=read_time, write=read_time)
