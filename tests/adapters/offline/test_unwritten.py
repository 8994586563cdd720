"""Answers that no edition can hold, and answers of kinds that a market does not have yet: named, told, never dropped."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.folder import File, Folder
from adapters.market_file import read_market
from adapters.offline.outputs import answer_path, outputs
from adapters.offline.run import Run, run
from gateway.envelope import Envelope, Message
from gateway.inquiries import Informative
from gateway.model import Direction, Reserve
from gateway.report import Report
from gateway.results import (
    ActivationOrder,
    ActivationOrders,
    Allocation,
    Award,
    ClearingPrices,
    Fate,
    OrderKind,
    Receipt,
    ServedNeed,
    Verdict,
)
from gateway.schemes import named
from gateway.time import Interval
from profiles import unsaid, write_message
from tests.adapters.example import BUYER, GRID, MARKET_FILE, NORTH, PROVIDER, QUARTER, QUARTERS, envelope, envelopes

AWARD = Award(
    bid_id="b",
    provider=PROVIDER.id,
    area=NORTH,
    direction=Direction.UP,
    interval=QUARTER,
    offered_mw=Decimal(10),
    quantity_mw=Decimal(10),
    bid_price=Decimal(40),
    price=Decimal(60),
    fate=Fate.ACCEPTED,
    reason="",
)
NEED = ServedNeed(
    need_id="n",
    buyer=BUYER.id,
    area=NORTH,
    direction=Direction.UP,
    interval=QUARTER,
    requested_mw=Decimal(10),
    served_mw=Decimal(10),
    price=Decimal(60),
)
ORDER = ActivationOrder(
    bid_id="b",
    provider=PROVIDER.id,
    area=NORTH,
    direction=Direction.UP,
    interval=QUARTER,
    quantity_mw=Decimal(10),
)
ORDERS = ActivationOrders(kind=OrderKind.SCHEDULED, order_id="o", order_revision=1, orders=(ORDER,))


def letter(message: Message, period: Interval | None = QUARTER, revision: int = 1) -> Envelope[Message]:
    """Return *message* to PROVIDER."""
    sent = envelope("answer", BUYER, 10, message)
    return replace(sent, receiver=PROVIDER, period=period, revision=revision)


def outcome(*answers: Envelope[Message]) -> Run:
    """Return a run of the market that answers with *answers* and nothing else."""
    files = tuple(File(name, write_message(one)) for name, one in envelopes().items())
    done = run(Folder(files, ()), read_market(MARKET_FILE), named("centralised"), None)
    return replace(done, procurement=replace(done.procurement, answers=answers), acknowledgements=())


HOUR = Interval(QUARTERS[1].start, QUARTERS[3].end)
WHO = "9520000000011"


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (letter(Allocation(awards=(AWARD,))), f"allocations/seller_{WHO}_20270114T0700Z.xml"),
        (letter(Allocation(awards=(), needs=(NEED,))), f"allocations/buyer_{WHO}_20270114T0700Z.xml"),
        (
            letter(Allocation(awards=(replace(AWARD, provider=GRID.id),)), revision=2),
            f"allocations/check_{WHO}_20270114T0700Z_r2.xml",
        ),
        (letter(ORDERS, HOUR), f"activations/{WHO}_20270114T0715Z.xml"),
        (letter(ClearingPrices(prices=())), "prices/prices_20270114T0700Z.xml"),
        (letter(ClearingPrices(prices=()), None, 3), "prices/prices_r3.xml"),
        (letter(Receipt(verdict=Verdict.ACCEPTED)), f"answers/Receipt_{WHO}_20270114T0700Z.xml"),
        (letter(Informative(document="crac"), None), f"answers/Informative_{WHO}.xml"),
    ],
    ids=["seller", "buyer", "check", "orders", "prices", "prices of no period", "receipt", "informative"],
)
def test_a_name_says_what_an_answer_is(sent: Envelope[Message], path: str) -> None:
    assert answer_path(sent) == path


def test_a_receiver_may_be_called_anything() -> None:
    odd = replace(PROVIDER, id=replace(PROVIDER.id, value="../A B/\u00e6"))
    assert answer_path(replace(letter(ORDERS), receiver=odd)) == "activations/.._A_B___20270114T0700Z.xml"


def test_what_no_edition_can_hold_is_told_with_its_place() -> None:
    wrong = letter(Allocation(awards=(replace(AWARD, reserve=Reserve.FCR),)))
    done = outputs(outcome(wrong, letter(ORDERS)), "1")
    name = f"allocations/seller_{WHO}_20270114T0700Z.xml"
    assert done.unwritten == (f"{name}: process.processType: expected mFRR only, found another reserve in the message",)
    assert name not in done.files
    assert f"activations/{WHO}_20270114T0700Z.xml" in done.files
    assert done.losses == ()


def test_a_message_that_no_document_carries_is_told() -> None:
    done = outputs(outcome(letter(Informative(document="crac"))), "1")
    (told,) = done.unwritten
    assert told.startswith(
        f"answers/Informative_{WHO}_20270114T0700Z.xml: edition: expected a document that carries it"
    )


def test_answers_of_the_same_name_are_numbered() -> None:
    done = outputs(outcome(*(letter(ORDERS) for _ in range(3))), "1")
    assert sorted(name for name in done.files if name.startswith("activations/")) == [
        f"activations/{WHO}_20270114T0700Z.xml",
        f"activations/{WHO}_20270114T0700Z_2.xml",
        f"activations/{WHO}_20270114T0700Z_3.xml",
    ]


def test_the_losses_of_writing_follow_those_of_the_procurement() -> None:
    long = replace(AWARD, reason="w" * 600)
    done = outcome(letter(Allocation(awards=(long,))))
    told = replace(done, procurement=replace(done.procurement, report=Report(losses=("earlier",))))
    record = outputs(told, "1").files["result.json"].decode()
    assert record.index('"earlier"') < record.index("512 characters are kept of 618")


@pytest.mark.parametrize(("length", "told"), [(494, 0), (495, 1)])
def test_a_reason_is_whole_up_to_512_characters(length: int, told: int) -> None:
    # "accepted in full; " has 18 characters
    assert len(unsaid(letter(Allocation(awards=(replace(AWARD, reason="w" * length),))))) == told
