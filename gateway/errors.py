"""What can go wrong, told apart by whose fault it is.

Every error says four things: where (``path``), what was expected, what was found, and
which reason code of the ENTSO-E list ``StandardReasonCodeTypeList`` an acknowledgement
would carry. The class says whose fault it is:

=================  ==========  ====================================================
class              fault       meaning
=================  ==========  ====================================================
`Malformed`        sender      the bytes are not a document of any known edition
`Unmappable`       sender      a valid document says something this market cannot hold
`OutOfTurn`        sender      a correct message at the wrong step or time
`Misconfigured`    operator    a setting of this installation is wrong
`InvalidValue`     ours        a canonical value was built that cannot exist
`Unwritable`       ours        an edition has no place for a value
`Unsolved`         ours        the solver gave no proven answer
=================  ==========  ====================================================

Only the first three may be caused by a peer; an acknowledgement is the answer to them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Fault(StrEnum):
    """Who has to mend it."""

    SENDER = "sender"
    OPERATOR = "operator"
    OURS = "ours"


class GatewayError(Exception):
    """One thing went wrong at one place.

    ``path``: where, as a slash path into the document or a dotted path into a value.
    ``expected`` and ``found``: plain words or values. ``code``: the reason code for the
    answer; ``999`` ("errors not specifically identified") where the list has no better one.
    """

    fault: ClassVar[Fault]

    def __init__(self, path: str, expected: str, found: str, code: str = "999") -> None:
        """Keep the four parts; the message is made of them."""
        super().__init__(path, expected, found, code)
        self.path, self.expected, self.found, self.code = path, expected, found, code

    def __str__(self) -> str:
        """Return the error as one line."""
        return f"{self.path}: expected {self.expected}, found {self.found}"


class Malformed(GatewayError):
    """The bytes are not a document of any known edition.

    ``rule`` is the general rule that is broken (GEN-001 to GEN-004).
    """

    fault = Fault.SENDER

    def __init__(self, path: str, expected: str, found: str, code: str = "999", rule: str = "GEN-004") -> None:
        """Keep the four parts and the rule."""
        super().__init__(path, expected, found, code)
        self.rule = rule


class Unmappable(GatewayError):
    """A valid document says something the canonical model of this market cannot hold."""

    fault = Fault.SENDER


class OutOfTurn(GatewayError):
    """A message is correct in itself but may not be sent now."""

    fault = Fault.SENDER


class Misconfigured(GatewayError):
    """A setting of this installation is unknown, missing or contradicts another."""

    fault = Fault.OPERATOR


class InvalidValue(GatewayError, ValueError):
    """A canonical value was built that cannot exist."""

    fault = Fault.OURS


class Unwritable(GatewayError):
    """An edition of a document has no place for a value it is asked to carry."""

    fault = Fault.OURS


class Unsolved(GatewayError):
    """The solver ended without a proven answer; nothing of it may be used."""

    fault = Fault.OURS
