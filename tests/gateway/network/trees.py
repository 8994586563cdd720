"""Networks for tests: random radial feeders, meshed grids, and the published feeder of 33 buses."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from gateway.network.model import Feeder, Line, Section, Thermal, Transmission

THOUSANDTHS = st.integers(1, 120).map(lambda number: Decimal(number) / 1000)
"""Impedances in per unit."""


@st.composite
def feeders(draw: st.DrawFn, thermal: Thermal = Thermal.ACTIVE, most: int = 7) -> Feeder:
    """Draw a tree of some buses below one root."""
    count = draw(st.integers(1, most))
    sections = []
    for child in range(1, count + 1):
        parent = draw(st.integers(0, child - 1))
        impedance = {"r_pu": draw(THOUSANDTHS), "x_pu": draw(THOUSANDTHS)}
        limit = draw(st.none() | st.integers(1, 12).map(Decimal))
        sections.append(Section(id=f"s{child}", parent=f"n{parent}", child=f"n{child}", limit_mva=limit, **impedance))
    return Feeder(id="F", interface="T", root="n0", sections=tuple(sections), thermal=thermal)


@st.composite
def meshes(draw: st.DrawFn) -> Transmission:
    """Draw a connected grid: a tree, and some lines that close loops."""
    count = draw(st.integers(2, 7))
    ends = [(draw(st.integers(0, bus - 1)), bus) for bus in range(1, count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    ends += draw(st.lists(pairs, max_size=5))
    lines = tuple(
        Line(
            id=f"l{at}",
            from_bus=f"t{start}",
            to_bus=f"t{end}",
            r_pu=draw(THOUSANDTHS),
            x_pu=draw(THOUSANDTHS),
            tap=draw(st.sampled_from((Decimal(1), Decimal("0.95")))),
            shift_deg=draw(st.sampled_from((Decimal(0), Decimal(3)))),
        )
        for at, (start, end) in enumerate(ends)
    )
    return Transmission(
        buses=tuple(f"t{bus}" for bus in range(count)), lines=lines, reference=f"t{draw(st.integers(0, count - 1))}"
    )


def feeder_of_33_buses(reference_data: Path) -> tuple[Feeder, dict[str, complex]]:
    """Return the feeder of Baran and Wu, and what each bus draws, as injections in MVA."""
    page = (reference_data / "schemes/cases/README.md").read_text(encoding="utf-8")
    table = page.split("## matpower_case33bw_distflow.json")[1]
    number = r"([\d.]+)"
    rows = re.findall(rf"\| (\d+)-(\d+) \| {number} \| {number} \| {number} \| {number} ", table)
    ohm_pu = Decimal("12.66") ** 2 / 10
    sections = tuple(
        Section(id=f"{start}-{end}", parent=start, child=end, r_pu=Decimal(r) / ohm_pu, x_pu=Decimal(x) / ohm_pu)
        for start, end, r, x, _, _ in sorted(rows, key=lambda row: int(row[1]))
    )
    loads = {end: -complex(float(p), float(q)) / 1000 for _, end, _, _, p, q in rows}
    return Feeder(id="33bw", interface="T", root="1", sections=sections), loads
