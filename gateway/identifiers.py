"""Identifiers: who issued them and whether they can be right.

An identifier of the energy market is a value with the scheme that issued it
(``codingScheme`` of IEC 62325). Two schemes carry a check character:

* ``A01``, Energy Identification Code (ENTSO-E EIC Reference Manual): 16 characters
  ``0-9A-Z-``; the third one says what is identified, the last one is the check character.
* ``A10``, GS1: a Global Location Number of 13 digits for a party or place, a Global Service Relation Number of 18
  digits for a metering point (GS1 General Specifications 7.9.1).

All other schemes are national (``NNO``, ``NFI`` ...) and have no check of their own.
Real documents hold identifiers with a wrong check character, so building one demands
only that it is not blank; `complaint` says what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stdnum import ean
from stdnum.eu import eic
from stdnum.exceptions import ValidationError

from gateway.errors import InvalidValue

EIC_SCHEME = "A01"
GS1_SCHEME = "A10"
_EIC_LENGTH = 16
_EIC_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_LOCATION_LENGTH = 13
_SERVICE_RELATION_LENGTH = 18


class EicType(StrEnum):
    """What an Energy Identification Code identifies (its third character)."""

    PARTY = "X"
    AREA = "Y"
    MEASUREMENT_POINT = "Z"
    RESOURCE = "W"
    TIE_LINE = "T"
    LOCATION = "V"
    SUBSTATION = "A"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A value and the coding scheme that issued it.

    >>> str(PartyId("10X1001A1001A38Y", "A01"))
    'A01:10X1001A1001A38Y'
    """

    value: str
    scheme: str

    def __post_init__(self) -> None:
        """Refuse blank parts.

        Raises `InvalidValue`.
        """
        if not self.value.strip() or not self.scheme:
            raise InvalidValue(type(self).__name__, "a value and a coding scheme", repr((self.value, self.scheme)))

    def __str__(self) -> str:
        """Return scheme and value in one word."""
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True, order=True)
class PartyId(Identifier):
    """Identifies a market participant."""


@dataclass(frozen=True, slots=True, order=True)
class AreaId(Identifier):
    """Identifies an area: control area, scheduling area, bidding zone, network area."""


@dataclass(frozen=True, slots=True, order=True)
class ResourceId(Identifier):
    """Identifies a registered resource: a unit, a portfolio, a feeder, an interface."""


@dataclass(frozen=True, slots=True, order=True)
class MeteringPointId(Identifier):
    """Identifies a metering point (accounting point, market evaluation point)."""


_TYPE_LETTERS: dict[type[Identifier], tuple[EicType, ...]] = {
    PartyId: (EicType.PARTY,),
    AreaId: (EicType.AREA,),
    ResourceId: (EicType.RESOURCE, EicType.TIE_LINE, EicType.SUBSTATION, EicType.MEASUREMENT_POINT),
    MeteringPointId: (EicType.MEASUREMENT_POINT,),
}


def complaint(identifier: Identifier) -> str | None:
    """Say what is wrong with *identifier*, or None.

    Checks length, alphabet, check character and, for an EIC, that its type letter fits
    what is identified.

    >>> complaint(AreaId("10YNO-2--------T", "A01"))
    >>> complaint(AreaId("10YNO-2--------S", "A01"))
    'an EIC with check character T'
    >>> complaint(PartyId("10YNO-2--------T", "A01"))
    'an EIC of type X'
    >>> complaint(PartyId("9999909919921", "A10"))
    'a GS1 number of 13 digits with a right check digit'
    >>> complaint(MeteringPointId("571313180400000001", "A10"))
    """
    if identifier.scheme == EIC_SCHEME:
        return _eic_complaint(identifier)
    if identifier.scheme == GS1_SCHEME:
        return _gs1_complaint(identifier)
    return None


def check_character(body: str) -> str:
    """Return the check character for the first 15 characters of an EIC.

    Raises `InvalidValue` for another number of characters, and for other characters.

    >>> check_character("10YNO-2--------")
    'T'
    """
    if len(body) != _EIC_LENGTH - 1 or not _EIC_CHARACTERS.issuperset(body):
        raise InvalidValue("EIC", "15 characters of 0-9, A-Z and -", repr(body))
    return eic.calc_check_digit(body)


def _gs1_complaint(identifier: Identifier) -> str | None:
    """Check length and check digit; the digit is formed alike for all GS1 numbers."""
    value = identifier.value
    length = _SERVICE_RELATION_LENGTH if isinstance(identifier, MeteringPointId) else _LOCATION_LENGTH
    digits = value.isascii() and value.isdecimal()
    if digits and len(value) == length and ean.calc_check_digit(value[:-1]) == value[-1]:
        return None
    return f"a GS1 number of {length} digits with a right check digit"


def _eic_complaint(identifier: Identifier) -> str | None:
    value = identifier.value
    try:
        if eic.validate(value) != value:
            return "an EIC of 16 characters 0-9, A-Z and -"
    except ValidationError:
        if len(value) == _EIC_LENGTH and _EIC_CHARACTERS.issuperset(value):
            right = check_character(value[:-1])
            return (
                "an EIC whose check character is no hyphen" if right == "-" else f"an EIC with check character {right}"
            )
        return "an EIC of 16 characters 0-9, A-Z and -"
    letters = _TYPE_LETTERS.get(type(identifier), tuple(EicType))
    if value[2] not in letters:
        return f"an EIC of type {' or '.join(letters)}"
    return None
