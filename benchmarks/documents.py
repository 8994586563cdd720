"""How fast market documents are read and written, beside lxml and xmlschema in the same run.

Measured on ReserveBid 7.4 with plain, grouped and linked bids of many providers, on an acknowledgement of one series,
and on metered data of 4,000 points of measurement:

===============  =======================================================================================
lxml             the yardstick: parse, and validate against the official schema with libxml2
read             ours: hardened parse, structure, facets, codes, every rule of the market, canonical message
write            ours: the document as bytes, checked
xmlschema        decode to a dictionary with validation (`XMLSchema.to_dict`), the usual way in Python
acknowledgement  ours and lxml: the same two of many small documents
stream           ours: metered data from a file, series after series
===============  =======================================================================================

CPU time of the process; the candidates take turns, and the best of their rounds are compared: what else the machine
does makes a round longer, never shorter. Peak memory is what a child process grows by that does one thing once; of
`stream` it is all that the child has, and compared with 150 MB. The official schemas are found through
``GATEWAY_REFERENCE_DATA``. The last line is one JSON object of the ratios.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID, uuid5

import xmlschema
from lxml import etree

from gateway.envelope import Envelope
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.measurements import MeasuredSeries, Quality, Readings, Unit
from gateway.measurements import Reading as MeasuredValue
from gateway.model import Bid, BidSet, Direction, Party, Role
from gateway.report import Report
from gateway.time import Interval
from profiles import Limits, parse, read, write, write_message
from profiles.markets import load
from profiles.rules.context import Context
from profiles.rules.receipts import acknowledge
from profiles.streaming import Closed, stream

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = "documents/schemas/entsoe_cim_v94"
BIDS_SCHEMA = "iec62325-451-7-reservebiddocument_v7_4.xsd"
ACKNOWLEDGEMENT_SCHEMA = "iec62325-451-1-acknowledgement_v8_1.xsd"
WIDE = Limits(size_bytes=100_000_000, elements=4_000_000)
"""40,000 bids are a little longer than a document may be."""

STREAM_LIMIT_MB = 150
"""What streaming 50 MB of metered data may take."""

START = datetime(2027, 1, 14, 7, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
NAMES = UUID("0b8f4f1e-7a70-5a63-9f0d-3b1f6f7b7a4e")
AREAS = ("10YNO-1--------2", "10YNO-2--------T", "10Y1001A1001A46L", "10YFI-1--------U")
SELLER = Party(PartyId("9520000000011", "A10"), Role.BALANCING_SERVICE_PROVIDER)
OPERATOR = Party(PartyId("10X1001A1001A418", "A01"), Role.RESERVE_ALLOCATOR)
CONTEXT = Context(now=START - timedelta(hours=1), own_parties=frozenset({OPERATOR.id}))


def name(word: str) -> str:
    """Return a UUID for *word*."""
    return str(uuid5(NAMES, word))


def bid(number: int) -> Bid:
    """Return one of a row of bids; every fifth is indivisible, others are members of groups of three or linked."""
    quarter, group = number % 4, name(f"group {number // 12}")
    interval = Interval(START + quarter * QUARTER, START + (quarter + 1) * QUARTER)
    kind = number // 4 % 3
    plain = Bid(
        id=name(f"bid {number}"),
        provider=SELLER.id,
        area=AreaId(AREAS[number // 12 % len(AREAS)], "A01"),
        direction=Direction.UP if number // 12 % 2 else Direction.DOWN,
        interval=interval,
        quantity_mw=Decimal(5 + number % 40),
        price=Decimal(2000 + 25 * (number % 400) + kind) / 100,
        minimum_mw=Decimal(5),
        resource=ResourceId(f"UNIT{number % 700:04}", "NNO"),
        technical_link=name(f"unit {number // 4}"),
    )
    if number // 12 % 5 == 0:
        return replace(plain, divisible=False, minimum_mw=Decimal(0))
    if number // 12 % 5 == 1:
        return replace(plain, multipart=name(f"{group} {quarter}"), technical_link=None)
    return plain


def document(count: int) -> bytes:
    """Return a document of *count* bids."""
    letter = Envelope(
        id=name(f"document of {count}"),
        sender=SELLER,
        receiver=OPERATOR,
        created=START - timedelta(hours=1, minutes=5),
        message=BidSet(bids=tuple(map(bid, range(count)))),
        document_type="A37",
        process="A47",
        period=Interval(START, START + 4 * QUARTER),
        domain=AreaId("10YNO-0--------C", "A01"),
    )
    return write_message(letter)


def candidates(data: bytes, schema_file: Path) -> dict[str, Callable[[], object]]:
    """Return what is compared on *data*, ready to run; each fails loudly where the document is not clean."""
    schema, market = etree.XMLSchema(etree.parse(schema_file)), load("project")
    # The market's limit on series would refuse the larger document; all other rules apply.
    market = replace(market, header=replace(market.header, max_series=10**6))

    def with_lxml() -> object:
        tree = etree.fromstring(data)
        schema.assertValid(tree)
        return tree

    def with_us() -> object:
        reading = read(data, market, context=CONTEXT, limits=WIDE)
        if reading.report.findings or reading.envelope is None:
            raise SystemExit(f"the benchmark's document is not clean: {reading.report.findings[:1]}")
        return reading

    return {"lxml": with_lxml, "read": with_us}


def writing(data: bytes) -> Callable[[], object]:
    """Return what writes the document of *data* again."""
    parsed = parse(data, limits=WIDE)
    return lambda: write(parsed.document, parsed.edition)


def best(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the least CPU seconds of each candidate; they take turns, and the first round is not counted."""
    seconds: dict[str, list[float]] = {each: [] for each in runs}
    for turn in range(rounds + 1):
        for each, run in runs.items():
            gc.collect()
            started = time.process_time()
            run()
            if turn:
                seconds[each].append(time.process_time() - started)
    return {each: min(taken) for each, taken in seconds.items()}


def peak(what: str, file: Path, schema_file: Path) -> float:
    """Return by how many MB the memory of a child process grows at its peak when it does *what* once."""
    command = [sys.executable, "-P", __file__, "--child", what, str(file), str(schema_file)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - ourselves


def child(what: str, file: Path, schema_file: Path) -> None:
    """Do *what* once and print by how many MB the memory of this process grew at its peak."""
    run = partial(streamed, file) if what == "stream" else candidates(file.read_bytes(), schema_file)[what]
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = peak_kb()
    run()
    print((peak_kb() - (0 if what == "stream" else before)) / 1024)


def streamed(file: Path) -> None:
    """Stream the document in *file* and keep nothing."""
    with file.open("rb") as opened:
        (closed,) = deque(stream(iter(partial(opened.read, 1 << 16), b"")), maxlen=1)
    if not isinstance(closed, Closed) or closed.outcome != Report():
        raise SystemExit(f"the benchmark's document is not clean: {closed}")


def peak_kb() -> int:
    """Return the peak resident size of this process since it was last reset, in kB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def measured(count: int, rounds: int, schema_file: Path) -> Iterator[tuple[str, float]]:
    """Measure documents of *count* bids; yield the ratios by name and print the figures."""
    data = document(count)
    times = best({**candidates(data, schema_file), "write": writing(data)}, rounds)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bids.xml"
        file.write_bytes(data)
        lxml_mb, read_mb = (peak(what, file, schema_file) for what in ("lxml", "read"))
    print(f"{count:>7} bids, {len(data) / 1e6:.1f} MB")
    for each, seconds in times.items():
        print(f"  {each:<10}{seconds:8.3f} s CPU{seconds / times['lxml']:8.2f} x lxml")
        if each != "lxml":
            yield f"{each}/lxml {count}", seconds / times["lxml"]
    size_mb = len(data) / 1e6
    print(f"  memory    {read_mb:8.0f} MB to read, {read_mb / size_mb:.1f} x the document; {lxml_mb:.0f} MB for lxml")
    yield f"memory read/lxml {count}", read_mb / lxml_mb


def against_xmlschema(count: int, schema_file: Path) -> tuple[str, float]:
    """Return how many times longer xmlschema takes to decode *count* bids than we take to read them."""
    data = document(count)
    ours = best({"read": candidates(data, schema_file)["read"]}, 3)["read"]
    schema = xmlschema.XMLSchema(schema_file)
    started = time.process_time()
    schema.to_dict(data.decode())
    theirs = time.process_time() - started
    print(f"  xmlschema {theirs:8.3f} s CPU for {count} bids: {theirs / ours:.1f} x read")
    return f"xmlschema/read {count}", theirs / ours


def acknowledgements(schema_file: Path, rounds: int) -> Iterator[tuple[str, float]]:
    """Measure many acknowledgements of one refused bid; yield the ratio of reading and of writing one."""
    data, schema, count = acknowledgement(), etree.XMLSchema(etree.parse(schema_file)), 1000
    parsed, market = parse(data), load("project")

    def with_lxml() -> None:
        for _ in range(count):
            schema.assertValid(etree.fromstring(data))

    def with_us() -> None:
        for _ in range(count):
            read(data, market, context=CONTEXT)

    def written() -> None:
        for _ in range(count):
            write(parsed.document, parsed.edition)

    times = best({"lxml": with_lxml, "read": with_us, "write": written}, rounds)
    print(f"{count:>7} acknowledgements of {len(data) / 1e3:.1f} kB")
    for each, seconds in times.items():
        print(f"  {each:<10}{count / seconds:8.0f} a second{seconds / times['lxml']:8.2f} x lxml")
        if each != "lxml":
            yield f"acknowledgement {each}/lxml", seconds / times["lxml"]


def acknowledgement() -> bytes:
    """Return an acknowledgement that refuses one bid."""
    data = document(12)
    refused = data.replace(b"<quantity_Measurement_Unit.name>MAW", b"<quantity_Measurement_Unit.name>KWT", 1)
    reading = read(refused, load("project"), context=CONTEXT)
    receipt = acknowledge(reading.report, load("project").acknowledgement, document=reading.document)
    if receipt is None:
        raise SystemExit("the benchmark's document has no acknowledgement")
    letter = Envelope(
        id=name("acknowledgement"),
        sender=OPERATOR,
        receiver=SELLER,
        created=START - timedelta(hours=1),
        message=receipt,
    )
    return write_message(letter)


def streaming(size_mb: float) -> Iterator[tuple[str, float]]:
    """Stream metered data of *size_mb* in a child process; yield its peak as a share of the limit."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metered.xml"
        file.write_bytes(metered(size_mb))
        actual, peak_mb = file.stat().st_size / 1e6, peak("stream", file, file)
        seconds = best({"stream": partial(streamed, file)}, 1)["stream"]
    print(f"  stream  {peak_mb:8.0f} MB at most for {actual:.0f} MB of metered data, {actual / seconds:.1f} MB/s")
    yield f"stream MB/{STREAM_LIMIT_MB} MB", peak_mb / STREAM_LIMIT_MB


def metered(size_mb: float) -> bytes:
    """Return about *size_mb* of metered data: a day of quarter hours of one metering point after another."""
    day = Interval(START.replace(hour=0), START.replace(hour=0) + timedelta(days=1))
    slots = [Interval(day.start + at * QUARTER, day.start + (at + 1) * QUARTER) for at in range(96)]

    def written(count: int) -> bytes:
        series = tuple(
            MeasuredSeries(
                id=name(f"series {number}"),
                unit=Unit.MEGAWATT_HOUR,
                metering_point=MeteringPointId(f"7070575{number:011}", "A10"),
                readings=tuple(
                    MeasuredValue(
                        interval=slot, value=-Decimal(number * 97 % 9973 + at) / 1000, quality=Quality.AS_PROVIDED
                    )
                    for at, slot in enumerate(slots)
                ),
            )
            for number in range(count)
        )
        message = Readings(series=series)
        meter = Party(SELLER.id, Role.METERED_DATA_RESPONSIBLE)
        return write_message(
            Envelope(
                id=name("metered"),
                sender=meter,
                receiver=OPERATOR,
                created=day.end,
                message=message,
                period=day,
                process="A16",
            )
        )

    one = len(written(2)) - len(written(1))
    return written(int(size_mb * 1e6 / one))


def main() -> None:
    """Run the benchmark as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer bids and rounds; ends inside a minute")
    parser.add_argument("--child", nargs=3, metavar=("WHAT", "FILE", "SCHEMA"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        what, *paths = arguments.child
        child(what, *map(Path, paths))
        return
    schemas = Path(os.environ.get("GATEWAY_REFERENCE_DATA", ROOT.parent / "shared")) / SCHEMAS
    schema_file = schemas / BIDS_SCHEMA
    if not schema_file.is_file():
        print("the official schemas are missing: set GATEWAY_REFERENCE_DATA", file=sys.stderr)
        raise SystemExit(3)
    ratios: dict[str, float] = {}
    for count, rounds in ((1000, 5),) if arguments.quick else ((4000, 9), (40000, 5)):
        ratios |= dict(measured(count, rounds, schema_file))
    ratios |= [against_xmlschema(500 if arguments.quick else 4000, schema_file)]
    ratios |= acknowledgements(schemas / ACKNOWLEDGEMENT_SCHEMA, 3 if arguments.quick else 9)
    ratios |= streaming(5 if arguments.quick else 49)
    print(json.dumps({each: round(ratio, 2) for each, ratio in ratios.items()}))


if __name__ == "__main__":
    main()
