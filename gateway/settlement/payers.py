"""Who pays whom, and who corrects whose perimeter: one table per coordination scheme.

Each row names the step of the scheme's published list that it carries out; a row without a step is agreed between
system operators outside the list. Rows are carried out in their order. Source: the settlement steps of the tables in
`gateway.schemes`, laid beside them row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.errors import Misconfigured


class Item(StrEnum):
    """What is settled."""

    TRANSMISSION_UNITS = "energy of units in the transmission grid"
    DISTRIBUTION_UNITS = "energy of units in the distribution grid"
    INTERFACE_AWARDS = "energy that a distribution operator handed up"
    INTERFACE_DEVIATIONS = "deviation from the exchange schedule of an interface"
    PURCHASES = "energy that a buyer bought"
    JOINT_COST = "cost of a joint market by the agreed key"
    EXCHANGE = "intended exchange between areas"
    NETTING = "netted imbalances of operators"
    TRANSMISSION_PERIMETERS = "perimeters that units in the transmission grid moved"
    DISTRIBUTION_PERIMETERS = "perimeters that units in the distribution grid moved"


class Part(StrEnum):
    """Who takes part in a row: found for each unit, area or buyer from the definition of the settlement."""

    TRANSMISSION_OPERATOR = "transmission operator of the area"
    DISTRIBUTION_OPERATOR = "distribution operator of the unit or interface"
    MARKET = "market"
    PROVIDER = "provider"
    BUYER = "buyer"
    OPERATORS = "operators of the joint market"
    RESPONSIBLE = "balance responsible party"


@dataclass(frozen=True, slots=True)
class Row:
    """In step ``step``, ``payer`` pays ``payee`` for ``item`` (or, for perimeters, corrects that of ``payee``)."""

    step: int | None
    item: Item
    payer: Part
    payee: Part


_I, _P = Item, Part

PAYERS: Mapping[str, tuple[Row, ...]] = {
    "centralised": (
        Row(12, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(12, _I.DISTRIBUTION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(13, _I.TRANSMISSION_UNITS, _P.TRANSMISSION_OPERATOR, _P.PROVIDER),
        Row(13, _I.DISTRIBUTION_UNITS, _P.TRANSMISSION_OPERATOR, _P.PROVIDER),
        Row(None, _I.EXCHANGE, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
    "local": (
        Row(19, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(19, _I.DISTRIBUTION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(20, _I.TRANSMISSION_UNITS, _P.TRANSMISSION_OPERATOR, _P.PROVIDER),
        Row(20, _I.INTERFACE_AWARDS, _P.TRANSMISSION_OPERATOR, _P.DISTRIBUTION_OPERATOR),
        Row(21, _I.DISTRIBUTION_UNITS, _P.DISTRIBUTION_OPERATOR, _P.PROVIDER),
        Row(None, _I.EXCHANGE, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
    "shared": (
        Row(18, _I.DISTRIBUTION_PERIMETERS, _P.DISTRIBUTION_OPERATOR, _P.RESPONSIBLE),
        Row(20, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(20, _I.INTERFACE_DEVIATIONS, _P.TRANSMISSION_OPERATOR, _P.DISTRIBUTION_OPERATOR),
        Row(21, _I.DISTRIBUTION_UNITS, _P.DISTRIBUTION_OPERATOR, _P.PROVIDER),
        Row(22, _I.TRANSMISSION_UNITS, _P.TRANSMISSION_OPERATOR, _P.PROVIDER),
        Row(None, _I.EXCHANGE, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
    "common_centralised": (
        Row(14, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(14, _I.DISTRIBUTION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(15, _I.TRANSMISSION_UNITS, _P.MARKET, _P.PROVIDER),
        Row(15, _I.DISTRIBUTION_UNITS, _P.MARKET, _P.PROVIDER),
        Row(16, _I.JOINT_COST, _P.OPERATORS, _P.MARKET),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
    "common_decentralised": (
        Row(18, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(18, _I.DISTRIBUTION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(19, _I.TRANSMISSION_UNITS, _P.TRANSMISSION_OPERATOR, _P.PROVIDER),
        Row(19, _I.INTERFACE_AWARDS, _P.TRANSMISSION_OPERATOR, _P.DISTRIBUTION_OPERATOR),
        Row(20, _I.DISTRIBUTION_UNITS, _P.DISTRIBUTION_OPERATOR, _P.PROVIDER),
        Row(21, _I.JOINT_COST, _P.OPERATORS, _P.MARKET),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
    "integrated": (
        Row(15, _I.TRANSMISSION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(15, _I.DISTRIBUTION_PERIMETERS, _P.TRANSMISSION_OPERATOR, _P.RESPONSIBLE),
        Row(16, _I.TRANSMISSION_UNITS, _P.MARKET, _P.PROVIDER),
        Row(16, _I.DISTRIBUTION_UNITS, _P.MARKET, _P.PROVIDER),
        Row(16, _I.PURCHASES, _P.BUYER, _P.MARKET),
        Row(None, _I.NETTING, _P.TRANSMISSION_OPERATOR, _P.TRANSMISSION_OPERATOR),
    ),
}
"""The rows of each scheme."""


def rows(scheme: str) -> tuple[Row, ...]:
    """Return the table of *scheme*. Raises `Misconfigured` for an unknown one."""
    if scheme not in PAYERS:
        raise Misconfigured("scheme", " or ".join(PAYERS), repr(scheme))
    return PAYERS[scheme]


def corrector(scheme: str, item: Item) -> Part:
    """Return who corrects the perimeters that *item* names. Raises `Misconfigured` where the scheme has no such row."""
    found = [row.payer for row in rows(scheme) if row.item is item]
    if not found:
        raise Misconfigured(f"scheme {scheme}", f"a row for {item}", "none")
    return found[0]
