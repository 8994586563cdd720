"""What the shared parts of market documents mean: head, parties, codes, time.

Each document maps its series itself; what they have in common stands here, both directions side by side. A code that
the canonical model cannot hold is refused with its path (`Unmappable`), never replaced by a likely one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, Unmappable, Unwritable
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId
from gateway.model import Direction, Party, Reserve, Role
from gateway.results import Reason
from gateway.time import Interval
from profiles import parts
from profiles.lexical import Coded
from profiles.slots import interval, time_interval
from profiles.wire import places

V = TypeVar("V")
T = TypeVar("T")
M = TypeVar("M", bound=Message)

MEGAWATT, MEGAWATT_HOUR = "MAW", "MWH"
LAST_REVISION = 999


class CodeTable(Generic[V]):
    """What the codes of one element mean; read in one direction, written in the other.

    Where two codes mean the same, the first is written.
    """

    def __init__(self, tag: str, entries: Mapping[str, V], reason: str = "999") -> None:
        """Keep the table; ``tag`` names the element, ``reason`` is the code of a refusal."""
        self.tag, self.reason = tag, reason
        self._meanings = dict(entries)
        self._codes = {value: code for code, value in reversed(self._meanings.items())}

    def meaning(self, code: str) -> V:
        """Return what *code* means. Raises `Unmappable`."""
        try:
            return self._meanings[code]
        except KeyError:
            raise Unmappable(self.tag, f"one of {', '.join(self._meanings)}", repr(code), self.reason) from None

    def code(self, value: V) -> str:
        """Return the code of *value*. Raises `Unwritable`."""
        try:
            return self._codes[value]
        except KeyError:
            raise Unwritable(self.tag, f"one of {', '.join(map(str, self._codes))}", repr(value)) from None

    def __contains__(self, code: object) -> bool:
        """Whether *code* has a meaning here."""
        return code in self._meanings


ROLES = CodeTable(
    "marketRole.type",
    {
        "A04": Role.SYSTEM_OPERATOR,
        "A49": Role.TRANSMISSION_SYSTEM_OPERATOR,
        "A50": Role.DISTRIBUTION_SYSTEM_OPERATOR,
        "A11": Role.MARKET_OPERATOR,
        "A35": Role.MERIT_ORDER_LIST_RESPONSIBLE,
        "A34": Role.RESERVE_ALLOCATOR,
        "A46": Role.BALANCING_SERVICE_PROVIDER,
        "A27": Role.RESOURCE_PROVIDER,
        "A52": Role.RESOURCE_AGGREGATOR,
        "A56": Role.FLEXIBILITY_SERVICE_PROVIDER,
        "A08": Role.BALANCE_RESPONSIBLE_PARTY,
        "A39": Role.DATA_PROVIDER,
        "A25": Role.METERED_DATA_RESPONSIBLE,
        "A09": Role.METERED_DATA_AGGREGATOR,
        "A58": Role.METERED_DATA_ADMINISTRATOR,
        "A05": Role.IMBALANCE_SETTLEMENT_RESPONSIBLE,
        "A54": Role.SETTLEMENT_RESPONSIBLE,
        "A36": Role.CAPACITY_COORDINATOR,
        "A07": Role.TRANSMISSION_CAPACITY_ALLOCATOR,
        "A55": Role.COORDINATED_CAPACITY_CALCULATOR,
        "A44": Role.REGIONAL_SECURITY_COORDINATOR,
        "A48": Role.LFC_OPERATOR,
        "A17": Role.GRID_ACCESS_PROVIDER,
        "A24": Role.METERED_DATA_COLLECTOR,
        "A26": Role.METERING_POINT_ADMINISTRATOR,
        "A12": Role.ENERGY_SUPPLIER,
        "A45": Role.ENERGY_SERVICE_COMPANY,
        "A47": Role.ENERGY_TRADER,
        "A13": Role.CONSUMER,
        "A21": Role.PRODUCER,
        "A01": Role.TRADE_RESPONSIBLE_PARTY,
        "A32": Role.MARKET_INFORMATION_AGGREGATOR,
        "A33": Role.INFORMATION_RECEIVER,
    },
    "A78",
)
RESERVES = CodeTable(
    "process.processType",
    {
        "A47": Reserve.MFRR,
        "A60": Reserve.MFRR,
        "A61": Reserve.MFRR,
        "A51": Reserve.AFRR,
        "A67": Reserve.AFRR,
        "A68": Reserve.AFRR,
        "A46": Reserve.RR,
        "A52": Reserve.FCR,
    },
    "A79",
)
RESERVE_BUSINESS = CodeTable(
    "businessType",
    {"A97": Reserve.MFRR, "A96": Reserve.AFRR, "A98": Reserve.RR, "A95": Reserve.FCR},
    "A62",
)
DIRECTIONS = CodeTable("flowDirection.direction", {"A01": Direction.UP, "A02": Direction.DOWN, "A03": Direction.BOTH})


# -------------------------------------------------------------------------------------------------- series and values
def each(path: str, items: Iterable[T], convert: Callable[[T], V]) -> tuple[V, ...]:
    """Convert *items*, which stand at *path*; an error says which of them it was.

    Raises `Unmappable`.
    """
    done = []
    for number, item in enumerate(items, 1):
        try:
            done.append(convert(item))
        except Unmappable as error:
            where = f"{path}[{number}]/{error.path}"
            raise Unmappable(where, error.expected, error.found, error.code) from error
        except InvalidValue as error:
            raise Unmappable(f"{path}[{number}]", f"{error.path}: {error.expected}", error.found, error.code) from error
    return tuple(done)


def losses(records: Sequence[object], *names: str) -> tuple[str, ...]:
    """Say how many values of each of the named attributes the canonical model does not hold."""
    if not records or not any(map(any, map(attrgetter(*names, names[0]), records))):
        return ()
    tags = {name: place.tag for name, place in places(type(records[0]))}
    counts = {name: sum(map(bool, map(attrgetter(name), records))) for name in names}
    return tuple(f"{tags[name]}: dropped {count} times" for name, count in counts.items() if count)


def absent(records: Sequence[object], name: str) -> int:
    """Return how many of *records* have no value of an attribute."""
    return list(map(attrgetter(name), records)).count(None)


def require(tag: str, wanted: str, found: str | None) -> None:
    """Refuse *found* if it is neither absent nor what is *wanted*. Raises `Unmappable`."""
    if found is not None and found != wanted:
        raise Unmappable(tag, wanted, repr(found))


# ---------------------------------------------------------------------------------------------------------- identifiers
@lru_cache(maxsize=4096)
def party_id(coded: Coded) -> PartyId:
    """Return the party of an identifier."""
    return PartyId(coded.value, coded.scheme)


@lru_cache(maxsize=4096)
def area_id(coded: Coded) -> AreaId:
    """Return the area of an identifier."""
    return AreaId(coded.value, coded.scheme)


@lru_cache(maxsize=65536)
def metering_point_id(coded: Coded) -> MeteringPointId:
    """Return the metering point of an identifier."""
    return MeteringPointId(coded.value, coded.scheme)


@lru_cache(maxsize=65536)
def resource_id(coded: Coded) -> ResourceId:
    """Return the resource of an identifier."""
    return ResourceId(coded.value, coded.scheme)


def coded(identifier: Identifier) -> Coded:
    """Return *identifier* as it stands on the wire."""
    return Coded(identifier.value, identifier.scheme)


def coded_or_none(identifier: Identifier | None) -> Coded | None:
    """Return *identifier* as it stands on the wire, if there is one."""
    return None if identifier is None else coded(identifier)


# -------------------------------------------------------------------------------------------------------------- reasons
def reason(wire: parts.Reason) -> Reason:
    """Return a reason of the wire."""
    return Reason(code=wire.code, text=wire.text)


def wire_reason(canonical: Reason) -> parts.Reason:
    """Return a reason as it stands on the wire."""
    return parts.Reason(code=canonical.code, text=canonical.text)


# ------------------------------------------------------------------------------------------------------------- the head
def envelope(document: Any, message: M, **more: Any) -> Envelope[M]:  # noqa: ANN401 - any document class
    """Return *message* with the head of *document*, as far as documents of its kind have one.

    Raises `Unmappable` for roles, revisions and intervals that cannot be held.
    """
    given: dict[str, Any] = {name: getattr(document, name, None) for name in _HEAD}
    process, period, domain, subject = given["process"], given["period"], given["domain"], given["subject"]
    values: dict[str, Any] = {
        "id": document.id,
        "revision": revision(given["revision"] or "1"),
        "document_type": given["type"],
        "process": process,
        "reserve": RESERVES.meaning(process) if process in RESERVES else None,
        "sender": party(document.sender, document.sender_role, "sender"),
        "receiver": party(document.receiver, document.receiver_role, "receiver"),
        "created": given["created"],
        "period": None if period is None else head_interval(document),
        "domain": None if domain is None else area_id(domain),
        "subject": None
        if subject is None
        else party(subject, document.subject_role or document.sender_role, "subject"),
    }
    return Envelope(message=message, **(values | more))


def head_interval(document: Any) -> Interval:  # noqa: ANN401 - any document class with a period
    """Return the interval in the head of *document*. Raises `Unmappable` where its end is not after its start."""
    try:
        return interval(document.period)
    except Unmappable as error:
        tag = next(place.tag for name, place in places(type(document)) if name == "period")
        raise Unmappable(tag, error.expected, error.found, error.code) from error


_HEAD = ("revision", "type", "process", "created", "period", "domain", "subject")
"""Fields of the head that some documents do not have."""


def party(id_: Coded, role: str, who: str) -> Party:
    """Return a party in its role; ``who`` is sender, receiver or subject."""
    try:
        return Party(party_id(id_), ROLES.meaning(role))
    except InvalidValue as error:
        raise Unmappable(f"{who}_MarketParticipant.mRID", error.expected, error.found, "A78") from error
    except Unmappable as error:
        where = f"{who}_MarketParticipant.marketRole.type"
        raise Unmappable(where, error.expected, error.found, error.code) from error


def revision(text: str) -> int:
    """Return a revision number. Raises `Unmappable`."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_REVISION)) and int(text) >= 1):
        raise Unmappable("revisionNumber", f"1 to {LAST_REVISION}", repr(text))
    return int(text)


def head(
    letter: Envelope[Any],
    document_type: str,
    period: Interval,
    process: str | None = None,
    without: Collection[str] = (),
) -> dict[str, Any]:
    """Return the fields that all heads have; type, period and process stand in where the envelope has none.

    ``without`` names those that the document does not have. Raises `Unwritable` for a role without a code and where no
    process is known.
    """
    process = letter.process or process or (letter.reserve and RESERVES.code(letter.reserve))
    if process is None and "process" not in without:
        raise Unwritable("process.processType", "a process or a reserve", "neither")
    fields = {
        "id": letter.id,
        "revision": str(letter.revision),
        "type": letter.document_type or document_type,
        "process": process,
        "sender": coded(letter.sender.id),
        "sender_role": ROLES.code(letter.sender.role),
        "receiver": coded(letter.receiver.id),
        "receiver_role": ROLES.code(letter.receiver.role),
        "created": letter.created,
        "period": time_interval(letter.period or period),
    }
    return {name: value for name, value in fields.items() if name not in without}


def subject(letter: Envelope[Any]) -> dict[str, Any]:
    """Return the fields that name the subject, where there is one."""
    if letter.subject is None:
        return {}
    return {"subject": coded(letter.subject.id), "subject_role": ROLES.code(letter.subject.role)}
