"""What binds offers over several intervals, built straight as arrays.

The equations are those of `gateway.clearing.equations_periods`, one function to an equation and under the same name,
but written for all members at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from gateway.clearing.blocks import Columns, Family, Rows, pairs, sums, terms
from gateway.clearing.couplings import Timing
from gateway.clearing.problem import Floats, Ints, Problem
from gateway.clearing.rows import LimitRow

FAMILIES = {
    "on": Family(lambda p: range(len(p.couplings.slots)), lambda _: 1.0, integer=True),
    "start": Family(lambda p: p.couplings.starting, lambda _: 1.0, integer=True),
    "stop": Family(lambda p: p.couplings.stopping, lambda _: 1.0, integer=True),
    "used": Family(lambda p: p.couplings.switches, lambda _: 1.0, integer=True),
}
"""on a unit is activated in a slot; start, stop its activation begins or ends there; used its stated sum is reached."""


def dependence(problem: Problem, at: Columns) -> Rows:
    """u_b − Σ_p u_p + Σ_n u_n ≤ number of the n."""
    rows = problem.couplings.dependences
    columns = [at.of("u", (each.offer, *each.accepted, *each.refused)) for each in rows]
    values = [np.array([1.0, *(-1.0 for _ in each.accepted), *(1.0 for _ in each.refused)]) for each in rows]
    return sums(columns, values, np.array([float(len(each.refused)) for each in rows]))


def accepted_alike(problem: Problem, at: Columns) -> Rows:
    """u_bt − u_b1 = 0."""
    offers, first = _columns(alike(problem))
    return pairs(at.of("u", offers), at.of("u", first), np.ones(offers.size), least=0.0, most=0.0)


def one_ratio(problem: Problem, at: Columns) -> Rows:
    """x_t − (q_t / q_1) x_1 = 0   [MW]."""
    return _equal(_over_volumes(problem.couplings.ratios, at))


def ramp(problem: Problem, at: Columns) -> Rows:
    """X_t − X_{t−1} ≤ R Δ and X_{t−1} − X_t ≤ R Δ   [MW]."""
    return _over_volumes(problem.couplings.ramps, at)


def greatest_energy(problem: Problem, at: Columns) -> Rows:
    """Σ_t Σ_b x_bt ≤ E_max / h   [MW]."""
    return _over_volumes(problem.couplings.energies, at)


def stated_energy(problem: Problem, at: Columns) -> Rows:
    """Σ_t X_t − (E / h) used_i = 0 where E is not 0, otherwise Σ_t X_t = 0   [MW]."""
    rows, columns, values = problem.couplings.shifts, [], []
    for place, shift in enumerate(rows):
        used = at.of("used", [place] if shift.optional else [])
        columns.append(np.concatenate([at.of("x", shift.row.coefficients), used]))
        values.append(np.array([*shift.row.coefficients.values(), *([-shift.row.headroom_mw] * used.size)]))
    return _equal(sums(columns, values, np.zeros(len(rows))))


def only_if_used(problem: Problem, at: Columns) -> Rows:
    """x_b − q_b used_i ≤ 0   [MW]."""
    used, offers = _columns(optional(problem))
    return pairs(at.of("x", offers), at.of("used", used), problem.mw(problem.quantity[offers]), most=0.0)


def on_if_accepted(problem: Problem, at: Columns) -> Rows:
    """u_b − on_s ≤ 0."""
    slots, offers = _columns(in_slots(problem))
    return pairs(at.of("u", offers), at.of("on", slots), np.ones(slots.size), most=0.0)


def off_without_acceptance(problem: Problem, at: Columns) -> Rows:
    """on_s − Σ_b u_b ≤ 0."""
    slots = problem.couplings.slots
    columns = [np.concatenate([at.of("on", [s]), at.of("u", slot.offers)]) for s, slot in enumerate(slots)]
    values = [np.array([1.0, *(-1.0 for _ in slot.offers)]) for slot in slots]
    return sums(columns, values, np.zeros(len(slots)))


def begins(problem: Problem, at: Columns) -> Rows:
    """on_s − on_{s−1} − start_s ≤ 0."""
    return _changes(at, "start", [(s, problem.couplings.slots[s].before) for s in problem.couplings.starting])


def ends(problem: Problem, at: Columns) -> Rows:
    """on_s − on_{s+1} − stop_s ≤ 0."""
    return _changes(at, "stop", [(s, problem.couplings.slots[s].after) for s in problem.couplings.stopping])


def least_duration(problem: Problem, at: Columns) -> Rows:
    """Σ_τ start_τ − on_s ≤ 0."""
    return _counted(at, "start", problem.couplings.least_durations, -1.0, 0.0)


def rest(problem: Problem, at: Columns) -> Rows:
    """Σ_τ stop_τ + on_s ≤ 1."""
    return _counted(at, "stop", problem.couplings.rests, 1.0, 1.0)


def longest_duration(problem: Problem, at: Columns) -> Rows:
    """Σ_τ on_τ ≤ number of slots − 1."""
    return _at_most(at, "on", problem.couplings.longest_durations)


def activations(problem: Problem, at: Columns) -> Rows:
    """Σ_s start_s ≤ N."""
    return _at_most(at, "start", problem.couplings.activations)


EQUATIONS: tuple[Callable[[Problem, Columns], Rows], ...] = (
    dependence,
    accepted_alike,
    one_ratio,
    ramp,
    greatest_energy,
    stated_energy,
    only_if_used,
    on_if_accepted,
    off_without_acceptance,
    begins,
    ends,
    least_duration,
    rest,
    longest_duration,
    activations,
)
"""All equations, under the names that they have in `gateway.clearing.equations_periods`."""


def alike(problem: Problem) -> list[tuple[int, int]]:
    """Return each further offer of a block bid that hangs on a decision, with the first one."""
    blocks = (block.offers for block in problem.couplings.block_bids if block.decided)
    return [(offer, first) for first, *others in blocks for offer in others]


def optional(problem: Problem) -> list[tuple[int, int]]:
    """Return each sum that is stated but need not be delivered, with each of its offers."""
    shifts = problem.couplings.shifts
    return [(place, offer) for place in problem.couplings.switches for offer in shifts[place].offers]


def in_slots(problem: Problem) -> list[tuple[int, int]]:
    """Return each slot with each of its offers."""
    return [(place, offer) for place, slot in enumerate(problem.couplings.slots) for offer in slot.offers]


def _columns(found: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _over_volumes(rows: Iterable[LimitRow], at: Columns) -> Rows:
    stated = list(rows)
    columns = [at.of("x", row.coefficients) for row in stated]
    values = [np.array(list(row.coefficients.values())) for row in stated]
    return sums(columns, values, np.array([row.headroom_mw for row in stated], dtype=float))


def _equal(rows: Rows) -> Rows:
    return replace(rows, lower=rows.upper)


def _changes(at: Columns, family: str, slots: list[tuple[int, int | None]]) -> Rows:
    """Return one row for each slot: on here − on beside it − the switch of the change ≤ 0."""
    here = np.array([slot for slot, _ in slots], dtype=np.int64)
    beside = np.array([slot if other is None else other for slot, other in slots], dtype=np.int64)
    known = np.array([other is not None for _, other in slots], dtype=float)
    ones: Floats = np.ones(here.size)
    return terms([(at.of("on", here), ones), (at.of("on", beside), -known), (at.all(family), -ones)], most=0.0)


def _counted(at: Columns, family: str, rules: Sequence[Timing], on: float, most: float) -> Rows:
    columns = [np.concatenate([at.of(family, rule.counted), at.of("on", [rule.at])]) for rule in rules]
    values = [np.array([*(1.0 for _ in rule.counted), on]) for rule in rules]
    return sums(columns, values, np.full(len(rules), most))


def _at_most(at: Columns, family: str, rules: Sequence[Timing]) -> Rows:
    columns = [at.of(family, rule.counted) for rule in rules]
    return sums(columns, [np.ones(each.size) for each in columns], np.array([float(rule.most) for rule in rules]))
