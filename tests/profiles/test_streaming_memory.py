"""50 MB of metered data are streamed in 150 MB of memory: measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT_MB = 150

CHILD = """
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from profiles.streaming import Part, stream

DOCUMENT = Path(sys.argv[1]).read_bytes()
HEAD, SERIES, END = re.fullmatch(rb"(?s)(.*?)(  <Series>.*</Series>\\n)(.*)", DOCUMENT).groups()


def arriving() -> Iterator[bytes]:
    yield HEAD
    for number in range(49_000_000 // len(SERIES)):
        yield SERIES.replace(b"series-0", b"series-%d" % number)
    yield END


*_, closed = (value for value in stream(arriving()) if not isinstance(value, Part))
status = Path("/proc/self/status").read_text(encoding="ascii")
peak_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
print(closed.size_bytes, len(closed.outcome.findings), peak_kb)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak of memory is told by Linux")
def test_fifty_megabytes_are_streamed_in_bounded_memory(tmp_path: Path) -> None:
    document = tmp_path / "one.xml"
    document.write_bytes(one_series())
    command = [sys.executable, "-c", CHILD, str(document)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    size_bytes, findings, peak_kb = map(int, ended.stdout.split())
    assert size_bytes > 48_000_000
    assert findings == 0
    assert peak_kb / 1024 < LIMIT_MB


def one_series() -> bytes:
    """Return a document of one metering point and a day of quarter hours."""
    lines = (
        "<Point>",
        "  <position>{}</position>",
        "  <quantity>{}</quantity>",
        "  <quality>A04</quality>",
        "</Point>",
    )
    point = "".join(f"        {line}\n" for line in lines)
    points = "".join(point.format(at, at * 17 % 1000 / 1000) for at in range(1, 97))
    return f"""<MeteringData_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-n:meteringdatadocument:1:0">
  <mRID>metered</mRID><revisionNumber>1</revisionNumber><type>A45</type>
  <process.processType>A16</process.processType><createdDateTime>2027-01-15T01:00:00Z</createdDateTime>
  <sender_MarketParticipant.mRID codingScheme="A10">7080000000001</sender_MarketParticipant.mRID>
  <sender_MarketParticipant.marketRole.type>A25</sender_MarketParticipant.marketRole.type>
  <receiver_MarketParticipant.mRID codingScheme="A01">10X1001A1001A38Y</receiver_MarketParticipant.mRID>
  <receiver_MarketParticipant.marketRole.type>A11</receiver_MarketParticipant.marketRole.type>
  <period.timeInterval><start>2027-01-14T00:00Z</start><end>2027-01-15T00:00Z</end></period.timeInterval>
  <Series><mRID>series-0</mRID><businessType>A64</businessType><product>8716867000030</product>
    <curveType>A01</curveType>
    <marketEvaluationPoint.mRID codingScheme="A10">707057500000000006</marketEvaluationPoint.mRID>
    <measurement_Unit.name>KWH</measurement_Unit.name><flowDirection.direction>A02</flowDirection.direction>
    <Period><timeInterval><start>2027-01-14T00:00Z</start><end>2027-01-15T00:00Z</end></timeInterval>
      <resolution>PT15M</resolution>
{points}    </Period></Series>
</MeteringData_MarketDocument>
""".encode()
