"""``gateway timegrid``: the positions of a market day."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from adapters.cli.shell.tables import AsForm, Form, Record, show
from gateway.errors import InvalidValue
from gateway.time import Interval, Resolution, market_day

_DAY_FORM = "2026-03-29"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no date such as {_DAY_FORM}"
        raise typer.BadParameter(message) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{name!r} is no time zone of the IANA database, such as Europe/Brussels"
        raise typer.BadParameter(message) from error


_Day = Annotated[date, typer.Argument(help="The day, local.", parser=_day, metavar="DATE", show_default=False)]
_Resolution = Annotated[str, typer.Option("--resolution", help="Length of a position.", metavar="DURATION")]
_Zone = Annotated[ZoneInfo, typer.Option("--zone", help="Time zone of the market.", parser=_zone, metavar="ZONE")]


def command(
    day: _Day,
    *,
    resolution: _Resolution = "PT15M",
    zone: _Zone = "Europe/Brussels",  # type: ignore[assignment]  # the text that the parser turns into the zone
    form: AsForm = Form.TABLE,
) -> None:
    """List the positions of a market day with their times.

    A day has 23 hours when summer time begins and 25 when it ends: 92 or 100 quarter hours.
    """
    try:
        slots = Resolution.parse(resolution).slots(market_day(day, zone), zone)
    except InvalidValue as error:
        raise typer.BadParameter(str(error)) from error
    show([_record(position, slot, zone) for position, slot in enumerate(slots, 1)], form)


def _record(position: int, slot: Interval, zone: ZoneInfo) -> Record:
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    return {
        "position": position,
        "start_utc": f"{slot.start:%Y-%m-%dT%H:%M:%SZ}",
        "end_utc": f"{slot.end:%Y-%m-%dT%H:%M:%SZ}",
        "start_local": f"{start:%Y-%m-%d %H:%M:%S}",
        "end_local": f"{end:%Y-%m-%d %H:%M:%S}",
        "zone": f"{start:%Z}",
    }
