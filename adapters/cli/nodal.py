"""``gateway nodal``: a network case is cleared as a nodal market, and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import program_version
from adapters.cli.shell.terminal import Exit, say, working
from adapters.folder import Unreadable, read_file
from adapters.output_folder import prepare, write_files
from adapters.report_html.network_page import NetworkReport, pictures, render_network, tiles
from gateway import canonical_json
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId
from gateway.model import Bid, Direction
from gateway.report import Report
from gateway.time import Interval
from profiles.grid.matpower import MOST_BYTES, Case, read_case
from profiles.grid.matpower_feeder import to_feeder, with_feeder
from profiles.grid.matpower_network import to_dispatch

_START = datetime(2000, 1, 1, tzinfo=UTC)
_BLANK = Bid(
    id="blank",
    provider=PartyId("case", "case"),
    area=AreaId("case", "case"),
    direction=Direction.UP,
    interval=Interval(_START, _START + timedelta(minutes=15)),
    quantity_mw=Decimal(1),
)
"""A case knows no parties and no time."""

_Case = Annotated[Path, typer.Argument(help="A MATPOWER case of format 2.", metavar="CASE", show_default=False)]
_Feeders = Annotated[
    list[str] | None,
    typer.Option(
        "--feeder", help="A radial case below a bus of CASE; may be repeated.", metavar="BUS=CASE", show_default=False
    ),
]
_Out = Annotated[Path, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Cap = Annotated[str, typer.Option("--price-cap", help="The greatest price either way, per MWh.", metavar="NUMBER")]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


@dataclass(frozen=True, slots=True)
class _Read:
    """A market, what the least outputs cost per hour, and what was assumed and lost."""

    market: NodalMarket
    base_cost: Decimal
    remarks: tuple[str, ...]


def command(
    case: _Case, out: _Out, *, feeder: _Feeders = None, price_cap: _Cap = "15000", force: _Force = False
) -> None:
    """Clear a network case as a market: generators bid their costs, loads are served, limits of the network hold.

    Written are result.json, report.html, and pictures of the network loading and of the voltages of feeders.
    Ends with status 1 where load cannot be served or a limit cannot be kept.
    """
    hung = [_hung(each) for each in feeder or ()]
    prepare(out, case, overwrite=force)
    cap = _number(price_cap)
    with working("reading"):
        read = _given(case, hung, cap)
    with working("clearing"):
        result = clear_nodal(read.market)
    report = NetworkReport(
        title=f"Nodal market {case.stem}",
        market=read.market,
        result=result,
        cost=result.cost + read.base_cost,
        remarks=read.remarks,
        version=program_version(),
    )
    record = {"gateway": report.version, "case": case.name, "cost": report.cost, "result": result}
    files = {"result.json": canonical_json.write(record).encode(), "report.html": render_network(report).encode()}
    write_files(out, files | {f"pictures/{name}": content for name, content in pictures(report).items()})
    for tile in tiles(report):
        typer.echo(f"{tile.label:15} {tile.value}, {tile.note}")
    for remark in read.remarks:
        say(remark)
    kept = not result.missing_mw and not any(each.excess for each in result.bindings)
    raise typer.Exit(Exit.CLEAN if kept else Exit.FINDINGS)


def _hung(text: str) -> tuple[str, Path]:
    """Return the bus and the file of a feeder."""
    bus, equals, path = text.partition("=")
    if not (bus and equals and path):
        raise typer.BadParameter(f"{text!r} is no BUS=CASE", param_hint="--feeder")
    return bus, Path(path)


def _number(text: str) -> Decimal:
    try:
        cap = Decimal(text)
    except ArithmeticError as error:
        raise typer.BadParameter(f"{text!r} is no number", param_hint="--price-cap") from error
    if not (cap.is_finite() and cap > 0):
        raise typer.BadParameter(f"{text!r} is not above 0", param_hint="--price-cap")
    return cap


def _given(case: Path, hung: list[tuple[str, Path]], cap: Decimal) -> _Read:
    """Return the market; what the cases and the options say together may still be no market."""
    try:
        return _market(case, hung, cap)
    except InvalidValue as error:
        raise typer.BadParameter(str(error)) from error


def _market(path: Path, hung: list[tuple[str, Path]], cap: Decimal) -> _Read:
    top, remarks = _case(path)
    dispatch, report = to_dispatch(top, _BLANK, cap)
    market, cost = dispatch.market, dispatch.base_cost
    said = [*remarks, *_told(path, report)]
    for bus, each in hung:
        below, lost = _case(each)
        feeder, told = to_feeder(below, each.stem, bus, _BLANK)
        market, cost = with_feeder(market, feeder), cost + feeder.base_cost
        said += [*lost, *_told(each, told)]
    return _Read(market, cost, tuple(said))


def _case(path: Path) -> tuple[Case, list[str]]:
    content = read_file(path, MOST_BYTES)
    if content is None:
        raise Unreadable(str(path), f"a file of at most {MOST_BYTES} bytes", "a longer one")
    case, report = read_case(content)
    return case, _told(path, report)


def _told(path: Path, report: Report) -> list[str]:
    return [f"{path.name}: {words}" for words in (*report.assumptions, *report.losses)]
