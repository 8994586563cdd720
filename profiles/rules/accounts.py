"""EA: rules for the energy that a party answers for in settlement (energy account, IEC 62325-451-4)."""

from __future__ import annotations

from collections.abc import Iterator

from profiles.energy_account import EnergyAccountMarketDocument
from profiles.rules.engine import View, Violation, kept_elsewhere, rule
from profiles.rules.history import raised_revision
from profiles.rules.shape import DOCUMENT, INTERVAL, amount, block, either, spans

AccountView = View[EnergyAccountMarketDocument]

_ON = (EnergyAccountMarketDocument,)
_STATES = frozenset({"A01", "A02"})


@rule("EA-001", DOCUMENT, "A51", on=_ON, source="ENTSO-E code list; project decision", apart=True)
def an_account_changes_by_a_new_revision(view: AccountView) -> Iterator[Violation]:
    """An account is intermediate (A01) or final (A02), and is changed only by a higher revision.

    Whether the earlier revision was final is not remembered, so that the reason (A48) which the change of a final
    account has is not asked for.
    """
    status = view.document.status.value
    if status not in _STATES:
        yield Violation(("status", "value"), either(_STATES), status)
    if view.context.seen is None or view.context.digest is None:
        view.assume("EA-001: the account changes none that came earlier")
    else:
        yield from raised_revision(view)


@rule("EA-002", INTERVAL, "A42", on=_ON, source="ENTSO-E document schemas", apart=True)
def energy_goes_one_way(view: AccountView) -> Iterator[Violation]:
    """Of the energy into and out of the area in one slot, one is 0."""
    for span in spans(view):
        for number, point in enumerate(span.points, 1):
            if point.in_quantity and point.out_quantity:
                found = f"{amount(point.in_quantity)} in, {amount(point.out_quantity)} out"
                yield Violation(span.point(number), "0 in or 0 out", found, interval=block(view, span, number))


EA_003 = kept_elsewhere(
    "EA-003",
    DOCUMENT,
    "A54",
    kept_by="gateway.settlement.perimeter",
    why="It sums over the accounts of all parties. With the shares of the providers the sum is the energy paid for.",
    statement="In one imbalance settlement period the adjustments of all suppliers add up to the delivered energy.",
    source="project decision",
)
