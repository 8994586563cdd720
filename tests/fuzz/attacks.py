"""Documents that are made to exhaust a reader, each tried in a process of its own.

``python -m tests.fuzz.attacks NAME`` builds one, reads it and prints what came of it as one line of JSON: the outcome, the
processor time and the peak of memory while it was read.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

from gateway.errors import Malformed
from profiles import markets, read

NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4"
LIMIT_BYTES = 3_000_000_000
"""What the process may take at all, so that a defect does not take the machine."""

HEAD = f"""<ReserveBid_MarketDocument xmlns="{NAMESPACE}"><mRID>x</mRID><revisionNumber>1</revisionNumber><type>A37</type>
<process.processType>A47</process.processType>
<sender_MarketParticipant.mRID codingScheme="A10">7080000000012</sender_MarketParticipant.mRID>
<sender_MarketParticipant.marketRole.type>A46</sender_MarketParticipant.marketRole.type>
<receiver_MarketParticipant.mRID codingScheme="A01">10X1001A1001A38Y</receiver_MarketParticipant.mRID>
<receiver_MarketParticipant.marketRole.type>A34</receiver_MarketParticipant.marketRole.type>
<createdDateTime>2026-01-01T00:00:00Z</createdDateTime>
<reserveBid_Period.timeInterval><start>2026-01-01T00:00Z</start><end>2026-01-01T01:00Z</end></reserveBid_Period.timeInterval>
<domain.mRID codingScheme="A01">10YNO-2--------T</domain.mRID>"""
TAIL = "</ReserveBid_MarketDocument>"


def bid(period: str = "", after: str = "", name: str = "b") -> str:
    """Return a bid; *period* replaces its period, *after* follows it."""
    usual = (
        "<Period><timeInterval><start>2026-01-01T00:00Z</start><end>2026-01-01T01:00Z</end></timeInterval>"
        "<resolution>PT60M</resolution><Point><position>1</position><quantity.quantity>1</quantity.quantity></Point></Period>"
    )
    return (
        f"<Bid_TimeSeries><mRID>{name}</mRID><businessType>B74</businessType>"
        '<acquiring_Domain.mRID codingScheme="A01">10YNO-2--------T</acquiring_Domain.mRID>'
        '<connecting_Domain.mRID codingScheme="A01">10YNO-2--------T</connecting_Domain.mRID>'
        "<quantity_Measurement_Unit.name>MAW</quantity_Measurement_Unit.name><divisible>A01</divisible>"
        "<flowDirection.direction>A01</flowDirection.direction>"
        f"{period or usual}{after}</Bid_TimeSeries>"
    )


def _long_period(start: str, end: str, resolution: str, curve: str = "") -> str:
    return (
        f"<Period><timeInterval><start>{start}</start><end>{end}</end></timeInterval><resolution>{resolution}</resolution>"
        f"<Point><position>1</position><quantity.quantity>1</quantity.quantity></Point>{curve}</Period>"
    )


def _document(*parts: str) -> bytes:
    return "".join([HEAD, *parts, TAIL]).encode()


def _bid_with_many(form: str, count: int) -> bytes:
    return _document(bid(after="".join(form.format(n) for n in range(count))))


def _billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'.encode() + _document(bid(name="&l11;"))


def _quadratic_blowup() -> bytes:
    declared = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    return declared.encode() + _document(bid(name="&a;" * 100_000))


def _capacity_with_a_long_curve() -> bytes:
    """Return a capacity in variable blocks: one point that would hold for millions of slots."""
    return (
        b'<Capacity_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:3"><mRID>x</mRID>'
        b"<revisionNumber>1</revisionNumber><type>A26</type><process.processType>A15</process.processType>"
        b'<sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A38Y</sender_MarketParticipant.mRID>'
        b"<sender_MarketParticipant.marketRole.type>A49</sender_MarketParticipant.marketRole.type>"
        b'<receiver_MarketParticipant.mRID codingScheme="A01">10X1001A1001A39W</receiver_MarketParticipant.mRID>'
        b"<receiver_MarketParticipant.marketRole.type>A11</receiver_MarketParticipant.marketRole.type>"
        b"<createdDateTime>2026-01-01T00:00:00Z</createdDateTime><period.timeInterval><start>0001-01-01T00:00Z</start>"
        b'<end>9999-12-31T23:59Z</end></period.timeInterval><domain.mRID codingScheme="A01">10YNO-2--------T</domain.mRID>'
        b"<TimeSeries><mRID>c</mRID><businessType>A26</businessType><product>8716867000016</product>"
        b'<in_Domain.mRID codingScheme="A01">10YNO-2--------T</in_Domain.mRID>'
        b'<out_Domain.mRID codingScheme="A01">10YNO-1--------2</out_Domain.mRID>'
        b"<measurement_Unit.name>MAW</measurement_Unit.name><curveType>A03</curveType><Period><timeInterval>"
        b"<start>0001-01-01T00:00Z</start><end>9999-12-31T23:59Z</end></timeInterval><resolution>PT1S</resolution>"
        b"<Point><position>1</position><quantity>1</quantity></Point></Period></TimeSeries></Capacity_MarketDocument>"
    )


ATTACKS: dict[str, Callable[[], bytes]] = {
    "billion laughs": _billion_laughs,
    "quadratic blow-up": _quadratic_blowup,
    "external entity": lambda: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///dev/zero">]>' + _document(bid(name="&a;")),
    "parameter entity": lambda: b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///dev/zero"> %a;]>' + _document(bid()),
    "50 MB of open elements": lambda: b"<a>" * 16_000_000,
    "50 MB of nested elements": lambda: b"<a>" * 7_000_000 + b"</a>" * 7_000_000,
    "3,000 levels": lambda: _document(bid(after="<Reason>" * 3000 + "</Reason>" * 3000)),
    "too many elements": lambda: _document("<a/>" * 4_100_000),
    "as many elements as allowed": lambda: _document("<a/>" * 1_990_000),
    "too many bytes": lambda: b" " * 60_000_000,
    "50 MB of blanks": lambda: b" " * 49_000_000 + _document(bid()),
    "a text of 49 MB": lambda: _document(bid(name="x" * 49_000_000)),
    "49 MB between elements": lambda: _document("x" * 49_000_000),
    "a comment of 49 MB": lambda: b"<!--" + b"x" * 49_000_000 + b"-->" + _document(bid()),
    "an unclosed comment": lambda: b"<!--" + b"<!-- " * 9_000_000,
    "a prolog of instructions": lambda: b"<?a?>" * 3_900_000 + _document(bid()),
    "a million attributes": lambda: _document(bid()).replace(
        b" xmlns=", b"".join(b' a%d=""' % n for n in range(1_000_000)) + b" xmlns=", 1
    ),
    "a hundred thousand namespaces": lambda: _document(bid()).replace(
        b" xmlns=", b"".join(b' xmlns:a%d="u:%d"' % (n, n) for n in range(100_000)) + b" xmlns=", 1
    ),
    "200,000 identifiers": lambda: _bid_with_many(
        '<SharedWith_MarketParticipant><mRID codingScheme="A01">{}</mRID></SharedWith_MarketParticipant>', 200_000
    ),
    "400,000 wrong codes": lambda: _bid_with_many("<Reason><code>Q{}</code></Reason>", 400_000),
    "80,000 long texts": lambda: _bid_with_many(
        "<Reason><code>A95</code><text>{}" + "x" * 513 + "</text></Reason>", 80_000
    ),
    "500,000 reasons": lambda: _bid_with_many("<Reason><code>A95</code><text>{}</text></Reason>", 500_000),
    "ever new shapes": lambda: _document(
        *(bid(after="<Reason><code>A95</code></Reason>" * (n % 400), name=str(n)) for n in range(4000))
    ),
    "30,000 bids": lambda: _document(*(bid(name=str(n)) for n in range(30_000))),
    "30,000 bids of one name": lambda: _document(*(bid() for _ in range(30_000))),
    "9,998 years of seconds": lambda: _document(bid(_long_period("0001-01-01T00:00Z", "9999-12-31T23:59Z", "PT1S"))),
    "a day of milliseconds": lambda: _document(bid(_long_period("2026-01-01T00:00Z", "2026-01-02T00:00Z", "PT0.001S"))),
    "a duration beyond count": lambda: _document(
        bid(_long_period("2026-01-01T00:00Z", "2026-01-02T00:00Z", "PT" + "9" * 190 + "S"))
    ),
    "years beyond count": lambda: _document(
        bid(_long_period("2026-01-01T00:00Z", "2026-01-02T00:00Z", "P" + "9" * 190 + "Y"))
    ),
    "a curve for ever": _capacity_with_a_long_curve,
    "4,000 periods of a day": lambda: _document(
        bid("".join(_long_period("2026-01-01T00:00Z", "2026-01-02T00:00Z", "PT1S") for _ in range(4000)))
    ),
    "a tag of 9 MB": lambda: _document(f"<{'x' * 9_000_000}/>"),
    "an attribute of 9 MB": lambda: _document(bid()).replace(b" xmlns=", b' a="' + b"x" * 9_000_000 + b'" xmlns=', 1),
}
"""What each does is said by its name."""


def attempt(name: str) -> dict[str, object]:
    """Build and read one document, and measure it."""
    data = ATTACKS[name]()
    market = markets.load("project")
    before, start = _resident_bytes(), time.process_time()
    try:
        reading = read(data, market)
        outcome, findings = "read", len(reading.report.findings)
    except Malformed as error:
        outcome, findings = f"malformed: {error}", 0
    return {
        "outcome": outcome,
        "findings": findings,
        "size": len(data),
        "seconds": time.process_time() - start,
        "growth": _peak_bytes() - before,
    }


def _resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123 - no file of the project
        return int(status.read().split()[1]) * resource.getpagesize()


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    sys.stdout.write(json.dumps(attempt(sys.argv[1])) + "\n")
