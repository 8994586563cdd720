"""Numbers that look random and are not: each is a digest of what it is drawn for.

A number depends on its key alone and not on what was drawn before, so a bid keeps its figures when another one is
added or removed, on every machine and in every version of Python.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid5

SEED = "2027-01-14"
"""Change it for another morning of the same kind."""

_NAME_SPACE = UUID("0f6b0a52-6d0f-5a39-8d64-3f1d2c5b7e90")
_CENT = Decimal("0.01")


def share(*key: object) -> float:
    """Return a number from 0 up to 1, spread evenly over the keys."""
    digest = sha256(repr((SEED, *key)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def chance(probability: float, *key: object) -> bool:
    """Whether something of this *probability* happens."""
    return share(*key) < probability


def whole(least: int, most: int, *key: object) -> int:
    """Return a whole number from *least* to *most*, both included."""
    return least + int(share(*key) * (most - least + 1))


def cents(least: float, most: float, *key: object) -> Decimal:
    """Return an amount of money from *least* to *most*, on the cent."""
    return Decimal(least + share(*key) * (most - least)).quantize(_CENT)


def name(*key: object) -> str:
    """Return the identifier of a document, bid or group: a name-based UUID (RFC 9562, version 5)."""
    return str(uuid5(_NAME_SPACE, repr((SEED, *key))))
