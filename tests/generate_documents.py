"""Random documents of any class and edition, made from the declaration alone.

`random_document` fills every element with some value of its type, without sense for the market; with ``valid=False``
exactly one value breaks a facet or stands outside its code list. `plausible_bids` makes a document of offers that a
market could take, of any length.
"""

import dataclasses
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from profiles import codes
from profiles.edition import Edition
from profiles.lexical import Attribute, Coded, Simple
from profiles.parts import Status, TimeInterval
from profiles.reserve_bid import BidTimeSeries, Point, ReserveBidMarketDocument, SeriesPeriod
from profiles.wire import Kind

D = TypeVar("D")

Step = tuple[str, int | None]
"""An attribute, and which of its values where it may repeat."""

# What XML escapes, letters of several scripts, one beyond the 16-bit plane, and blanks of all kinds.
ALPHABET = string.ascii_letters + string.digits + "-_ /,;:&<>\"'\t\n\ræøÅß漢\U0001d11e"
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTES = 20 * 366 * 24 * 60


def random_document(
    cls: type[D], edition: Edition, rng: random.Random, *, valid: bool = True, overlay: str | None = None
) -> D:
    """Return a document of class *cls* that *edition* can hold.

    Sparse and full documents take turns. With ``valid=False`` one value breaks a facet or is no code of its list.
    """
    maker = _Maker(edition, rng, edition.lists or overlay, share=rng.choice([0.1, 0.5, 0.9]))
    document = maker.make(cls)
    if valid:
        return document
    # Where everything is optional there may be nothing yet that could be spoilt.
    full = dataclasses.replace(maker, share=1.5)
    return _spoilt(document if any(_spoilable(document, edition, ())) else full.make(cls), edition, rng)


@dataclass(frozen=True)
class _Maker:
    edition: Edition
    rng: random.Random
    overlay: str | None
    share: float

    def make(self, cls: type[D]) -> D:
        build: Callable[..., D] = cls
        values = {}
        # Deep trees would grow beyond all bounds if each level had as much as the one above it.
        below = dataclasses.replace(self, share=self.share * 0.8)
        for entry in self.edition.fields(cls):
            count = min(self._count(entry.least, many=entry.many), entry.most or 3)
            found = tuple(below.value(entry.kind) for _ in range(count))
            values[entry.name] = found if entry.many else found[0] if found else None
        return build(**values)

    def _count(self, least: int, *, many: bool) -> int:
        if self.rng.random() > self.share:
            return least
        return max(least, self.rng.choice([1, 2, 3])) if many else 1

    def value(self, kind: Kind) -> object:
        if isinstance(kind, type):
            return self.make(kind)
        if kind.codes:
            return self.code(kind.codes)
        if kind.allowed:
            return self.rng.choice(kind.allowed)
        if kind.attribute:
            return self.marked(kind, kind.attribute)
        return _VALUES[kind.name](self, kind) if kind.name in _VALUES else self.text(kind.longest)

    def marked(self, kind: Simple[Any], attribute: Attribute[Any]) -> object:
        text = self.text(kind.longest) if kind.longest else str(abs(self.decimal(12)))
        absent = not attribute.required and self.rng.random() < 0.5
        return attribute.put(kind.read(text), "" if absent else attribute.fixed or self.code(attribute.codes))

    def code(self, name: str) -> str:
        return self.rng.choice(list(codes.lookup(name, self.overlay)))

    def text(self, longest: int | None) -> str:
        return "".join(self.rng.choices(ALPHABET, k=self.rng.randint(0, longest or 99)))

    def instant(self) -> datetime:
        return _FIRST + timedelta(minutes=self.rng.randrange(_MINUTES))

    def decimal(self, digits: int) -> Decimal:
        text = "".join(self.rng.choices(string.digits, k=self.rng.randint(1, digits)))
        point = self.rng.randint(1, len(text))
        return Decimal(f"{self.rng.choice(['', '-'])}{text[:point]}.{text[point:]}".rstrip("."))


_VALUES: dict[str, Callable[[_Maker, Simple[Any]], object]] = {
    "ESMPVersion_String": lambda maker, _: str(maker.rng.randint(1, 999)),
    "Position_Integer": lambda maker, _: maker.rng.randint(1, 999_999),
    "integer": lambda maker, _: maker.rng.randint(-(10**20), 10**20),
    "decimal": lambda maker, _: maker.decimal(30),
    "Amount_Decimal": lambda maker, _: maker.decimal(17),
    "ESMP_Float": lambda maker, _: abs(maker.decimal(12)),
    "date": lambda maker, _: f"{maker.instant():%Y-%m-%d}{maker.rng.choice(['', 'Z', '+02:00'])}",
    "time": lambda maker, _: f"{maker.instant():%H:%M:%S}{maker.rng.choice(['', 'Z', '.5', '-09:30'])}",
    "ESMP_DateTime": lambda maker, _: maker.instant() + timedelta(seconds=maker.rng.randrange(60)),
    "YMDHM_DateTime": lambda maker, _: maker.instant(),
    "dateTime": lambda maker, _: maker.instant() + timedelta(microseconds=maker.rng.randrange(10**6)),
    "duration": lambda maker, _: maker.rng.choice(
        ["PT15M", "PT60M", "PT1H", "P1D", "P1M", "-PT4S", "P0Y0M0DT0H15M0.000S"]
    ),
}
_VALUES["Duration"] = _VALUES["duration"]


# -------------------------------------------------------------------------------------------------------- one fault each
def _spoilt(document: D, edition: Edition, rng: random.Random) -> D:
    """Return *document* with one value outside its facet or code list."""
    path, kind = rng.choice(list(_spoilable(document, edition, ())))
    return _with(document, path, _bad(kind))


def _spoilable(
    record: object, edition: Edition, path: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], Simple[Any]]]:
    for entry in edition.fields(type(record)):
        value = getattr(record, entry.name)
        every = enumerate(value) if entry.many else [(None, value)]
        for at, one in every:
            here = (*path, (entry.name, at))
            if one is None:
                continue
            if not isinstance(entry.kind, Simple):
                yield from _spoilable(one, edition, here)
            elif entry.kind.codes or entry.kind.longest or entry.kind.allowed or entry.kind.name in _BAD:
                yield here, entry.kind


def _with(record: D, path: tuple[Step, ...], value: object) -> D:
    """Return *record* with another value at *path*."""
    (name, at), *below = path
    old = getattr(record, name)
    if at is None:
        new = _with(old, tuple(below), value) if below else value
    else:
        new = (*old[:at], _with(old[at], tuple(below), value) if below else value, *old[at + 1 :])
    exchange: Callable[..., D] = dataclasses.replace
    return exchange(record, **{name: new})


_BAD = {"ESMPVersion_String": "01", "Position_Integer": 1_000_000, "Amount_Decimal": Decimal(10**17)}


def _bad(kind: Simple[Any]) -> object:
    if kind.codes:
        return "XYZ"
    if kind.attribute:
        return Coded("x" * ((kind.longest or 0) + 1), "A01")
    return _BAD.get(kind.name, "x" * ((kind.longest or 0) + 1))


# -------------------------------------------------------------------------------------------------------- plausible bids
def plausible_bids(count: int, rng: random.Random, *, created: datetime | None = None) -> ReserveBidMarketDocument:
    """Return *count* offers of mFRR energy of one provider for one day, half of them divisible."""
    midnight = datetime(2026, 2, 3, 23, tzinfo=UTC)
    return ReserveBidMarketDocument(
        id=_uuid(rng),
        revision="1",
        type="A37",
        process="A47",
        sender=Coded("9999909919920", "A10"),
        sender_role="A46",
        receiver=Coded("10X1001A1001A38Y", "A01"),
        receiver_role="A34",
        created=created or midnight - timedelta(hours=14),
        period=TimeInterval(start=midnight, end=midnight + timedelta(days=1)),
        domain=Coded("10YNO-0--------C", "A01"),
        subject=Coded("9999909919920", "A10"),
        subject_role="A46",
        series=tuple(_plausible_bid(midnight, rng) for _ in range(count)),
    )


def _plausible_bid(midnight: datetime, rng: random.Random) -> BidTimeSeries:
    start, divisible = midnight + timedelta(minutes=15 * rng.randrange(96)), rng.random() < 0.5
    point = Point(
        position=1,
        quantity=Decimal(rng.randint(10, 200)),
        minimum_quantity=Decimal(1) if divisible else None,
        energy_price=Decimal(rng.randint(-5_000, 30_000)) / 100,
    )
    interval = TimeInterval(start=start, end=start + timedelta(minutes=15))
    return BidTimeSeries(
        id=_uuid(rng),
        auction="MFRR_ENERGY_ACTIVATION_MARKET",
        business_type="B74",
        acquiring_domain=Coded("10Y1001A1001A91G", "A01"),
        connecting_domain=Coded("10YNO-2--------T", "A01"),
        quantity_unit="MAW",
        currency="EUR",
        divisible="A01" if divisible else "A02",
        linked_bids=_uuid(rng),
        status=Status(value="A06"),
        resource=Coded(f"NOKG{rng.randint(90_000, 90_099)}", "NNO"),
        direction=rng.choice(["A01", "A02"]),
        energy_price_unit="MWH",
        product=rng.choice(["A05", "A07"]),
        periods=(SeriesPeriod(interval=interval, resolution="PT15M", points=(point,)),),
    )


def _uuid(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))
