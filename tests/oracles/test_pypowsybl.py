"""Power transfer distribution factors are those of pypowsybl, with an engine of its own (OpenLoadFlow)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from gateway.network.radial import Floats
from gateway.network.transmission import DcGrid, LineModel
from profiles.grid.matpower import Branch, Case
from profiles.grid.matpower_network import to_network
from tests.oracles.pglib import published

pypowsybl = pytest.importorskip("pypowsybl", reason="pypowsybl is not installed: run `make oracles`")

APPROXIMATIONS = {LineModel.REACTANCE: "IGNORE_R", LineModel.ADMITTANCE: "IGNORE_G"}
"""What pypowsybl calls the models of a line; ours of admittances leaves taps out, so that it fits lines only."""
SAME = 1e-12
GENERATOR_COLUMNS = 21


@pytest.fixture(scope="module", params=["case14_ieee", "case118_ieee", "case300_ieee"])
def case(request: pytest.FixtureRequest, reference_data: Path) -> Case:
    """A published case."""
    (listed,) = (each for each in published(reference_data) if each.name == request.param)
    return listed.case


def theirs(case: Case, model: LineModel, folder: Path) -> tuple[list[int], Floats]:
    """Return the lines that can be told apart, and their factors for one MW from each bus with a generator.

    The first such bus stands for the slack: its column is taken from all.
    """
    network = pypowsybl.network.load(str(_file(case, folder)))
    parameters = pypowsybl.loadflow.Parameters(
        distributed_slack=False,
        dc_use_transformer_ratio=True,
        provider_parameters={"dcApproximationType": APPROXIMATIONS[model]},
    )
    chosen = dict(_names(case, network))
    analysis = pypowsybl.sensitivity.create_dc_analysis()
    analysis.add_branch_flow_factor_matrix(list(chosen.values()), [f"GEN-{bus}" for bus in sites(case)], "factors")
    found = analysis.run(network, parameters).get_sensitivity_matrix("factors").to_numpy().T
    return list(chosen), found - found[:, :1]


def _file(case: Case, folder: Path) -> Path:
    """Write the tables of *case* as a file of numbers."""
    tables = {name: np.array([astuple(row) for row in getattr(case, name)], dtype=float) for name in TABLES}
    generators = np.zeros((len(case.generators), GENERATOR_COLUMNS))
    generators[:, : tables["generators"].shape[1]] = tables["generators"]
    path = folder / "case.mat"
    content = {"version": "2", "baseMVA": float(case.base_mva), "bus": tables["buses"], "gen": generators}
    savemat(path, {"mpc": content | {"branch": tables["branches"]}})
    return path


TABLES = ("buses", "generators", "branches")


def _names(case: Case, network: object) -> Iterator[tuple[int, str]]:
    """Yield the position of each branch that is alone between its buses, and what pypowsybl calls it."""
    known = {*network.get_lines().index, *network.get_2_windings_transformers().index}  # type: ignore[attr-defined]
    ends = [{branch.from_bus, branch.to_bus} for branch in case.branches]
    for at, branch in enumerate(case.branches):
        name = next((each for each in _candidates(branch) if each in known), None)
        if name and ends.count(ends[at]) == 1:
            yield at, name


def _candidates(branch: Branch) -> Iterator[str]:
    for kind in ("LINE", "TWT"):
        yield f"{kind}-{branch.from_bus:f}-{branch.to_bus:f}"
        yield f"{kind}-{branch.to_bus:f}-{branch.from_bus:f}"


def sites(case: Case) -> list[str]:
    """Return the buses with one generator in service."""
    buses = [f"{each.bus:f}" for each in case.generators if each.status > 0]
    return [bus for bus in dict.fromkeys(buses) if buses.count(bus) == 1]


def ours(case: Case, model: LineModel, lines: list[int]) -> Floats:
    """Return our factors of the same lines and buses."""
    grid = DcGrid(to_network(case)[0].transmission, model)
    position = {line.id: at for at, line in enumerate(grid.transmission.lines)}
    factors = grid.factors([position[str(at + 1)] for at in lines])
    columns = factors[:, [grid.index[bus] for bus in sites(case)]]
    return np.asarray(columns - columns[:, :1])


def test_factors_by_reactance(case: Case, tmp_path: Path) -> None:
    lines, expected = theirs(case, LineModel.REACTANCE, tmp_path)
    found = ours(case, LineModel.REACTANCE, lines)
    assert found.shape[0] > 10
    assert np.abs(found - expected).max() < SAME


def test_factors_by_admittance(case: Case, tmp_path: Path) -> None:
    without_taps = replace(case, branches=tuple(replace(each, tap=Decimal(0)) for each in case.branches))
    lines, expected = theirs(without_taps, LineModel.ADMITTANCE, tmp_path)
    assert np.abs(ours(without_taps, LineModel.ADMITTANCE, lines) - expected).max() < SAME


def test_one_model_taken_for_the_other_is_noticed(case: Case, tmp_path: Path) -> None:
    lines, expected = theirs(case, LineModel.ADMITTANCE, tmp_path)
    assert np.abs(ours(case, LineModel.REACTANCE, lines) - expected).max() > 1e-4
