"""``gateway compare``: the same periods under several coordination schemes, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import program_version
from adapters.cli.shell.terminal import Exit, counted, working
from adapters.comparison.outputs import outputs
from adapters.comparison.study_file import FILE_NAME, Study, read_study
from adapters.folder import Unreadable, read_file
from adapters.output_folder import prepare, write_files
from adapters.report_html.comparison_page import ComparisonReport, pictures, render_comparison, tiles
from gateway.coordination.comparison import SchemeFigures, compared
from gateway.coordination.sensitivity import SENSITIVITIES, SweepPoint, swept
from gateway.schemes import Scheme, named, names

_ALL = "all"

_Folder = Annotated[
    Path, typer.Argument(help=f"A folder with a study: {FILE_NAME}.", metavar="FOLDER", show_default=False)
]
_Schemes = Annotated[str, typer.Option("--schemes", help="Names of schemes, or all.", metavar="all|NAME,…")]
_Out = Annotated[Path, typer.Option("--out", help="The folder to write.", metavar="FOLDER", show_default=False)]
_Sensitivity = Annotated[
    list[str] | None,
    typer.Option(
        "--sensitivity",
        help=f"Move one assumption over a range: {', '.join(SENSITIVITIES)}. May be repeated.",
        metavar="NAME",
        show_default=False,
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite what an earlier run wrote into the output folder.")]


def command(
    folder: _Folder, out: _Out, *, schemes: _Schemes = _ALL, sensitivity: _Sensitivity = None, force: _Force = False
) -> None:
    """Clear and settle the periods of a study under every scheme: cost by actor, volumes, prices, limits, messages.

    Written are report.html, comparison.json, tables as CSV and the pictures. Ends with status 1 where no scheme
    keeps all limits and serves all needs.
    """
    chosen = tuple(map(named, names() if schemes == _ALL else dict.fromkeys(schemes.split(","))))
    wanted = tuple(dict.fromkeys(sensitivity or ()))
    _refuse_unknown(wanted)
    prepare(out, folder, overwrite=force)
    study = _study(folder / FILE_NAME)
    with working(f"clearing {counted(len(study.cases), 'period')} under {counted(len(chosen), 'scheme')}"):
        figures = compared(study.cases, chosen, study.message_cost)
    found = {name: _swept(name, study, chosen) for name in wanted}
    _write(out, study, figures, found)
    _tell(figures)
    raise typer.Exit(Exit.CLEAN if any(each.sound for each in figures) else Exit.FINDINGS)


def _refuse_unknown(wanted: Iterable[str]) -> None:
    for name in wanted:
        if name not in SENSITIVITIES:
            raise typer.BadParameter(f"{name!r} is none of {', '.join(SENSITIVITIES)}", param_hint="--sensitivity")


def _study(path: Path) -> Study:
    content = read_file(path)
    try:
        text = None if content is None else content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise Unreadable(str(path), "a TOML text in UTF-8", "something else")
    return read_study(text, str(path))


def _swept(name: str, study: Study, schemes: tuple[Scheme, ...]) -> tuple[SweepPoint, ...]:
    with working(f"moving the {SENSITIVITIES[name].title}"):
        return swept(SENSITIVITIES[name], study.cases, schemes, study.message_cost)


def _write(
    out: Path, study: Study, figures: tuple[SchemeFigures, ...], found: dict[str, tuple[SweepPoint, ...]]
) -> None:
    report = ComparisonReport(
        name=study.name,
        about=study.about,
        currency=study.currency,
        message_cost=study.message_cost,
        figures=figures,
        swept=found,
        version=program_version(),
    )
    drawn = {f"pictures/{name}": content for name, content in pictures(report).items()}
    files = outputs(study, figures, found, report.version)
    write_files(out, files | drawn | {"report.html": render_comparison(report).encode()})
    for tile in tiles(report):
        typer.echo(f"{tile.label:26} {tile.value}, {tile.note}")


def _tell(figures: tuple[SchemeFigures, ...]) -> None:
    for each in figures:
        state = (
            "sound" if each.sound else f"{counted(each.violations, 'limit')} broken, {each.unserved_mwh:f} MWh unserved"
        )
        typer.echo(f"{each.scheme.name:22} {each.total:12.2f}  {counted(each.messages, 'message'):>14}  {state}")
