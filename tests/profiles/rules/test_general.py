"""GEN-006 to GEN-010: who speaks to whom, in which role, and which values stand together, in each market."""

from __future__ import annotations

import re

import pytest

from tests.profiles.rules.cases import BASES, broken, judged, only, said, source

SENDER = re.compile(rb'<sender_MarketParticipant.mRID codingScheme="(\w+)">([^<]+)<')
ALPHA, BETA, NORTH, RIVER, MARKET = (
    "A01:10XBSP-ALPHA---F",
    "A01:10XBSP-BETA----K",
    "A01:10XTSO-NORTH---B",
    "A01:10XDSO-RIVER---L",
    "A01:10XMO-MARKET---Y",
)


def sender(base: str) -> str:
    """Return who sends a valid document; the market operator receives them all."""
    ((scheme, name),) = SENDER.findall(source(base))
    return f"{scheme.decode()}:{name.decode()}"


# ------------------------------------------------------------------------------------------- GEN-006 and GEN-008, parties
@pytest.mark.parametrize("base", BASES)
def test_the_sender_is_who_connected(base: str) -> None:
    others = sorted({ALPHA, NORTH, RIVER} - {sender(base)})
    place, wanted = "/sender_MarketParticipant.mRID", " or ".join(others)
    found = only("GEN-006", said(base, peer={"parties": others}))
    assert found == [("A78", place, wanted, sender(base))]
    assert broken(base, peer={"parties": [sender(base)]}) == []


@pytest.mark.parametrize("base", BASES)
def test_the_receiver_is_this_installation(base: str) -> None:
    found = said(base, own_parties=[BETA, NORTH])
    assert found == [("GEN-008", "A53", "/receiver_MarketParticipant.mRID", f"{BETA} or {NORTH}", MARKET)]
    assert broken(base, own_parties=[NORTH, MARKET]) == []


def test_a_number_under_another_scheme_is_another_party() -> None:
    assert broken("bids", own_parties=["A10:10XMO-MARKET---Y"]) == ["GEN-008"]
    assert broken("bids", peer={"parties": ["NNO:10XBSP-ALPHA---F"]}) == ["GEN-006"]


@pytest.mark.parametrize("base", BASES)
def test_who_we_are_and_who_connected_need_not_be_known(base: str) -> None:
    report = judged(base, peer="unknown", own_parties="unknown")
    assert report.clean
    assert "GEN-008: the receiver is a party of this installation" in report.assumptions
    assert [s for s in report.assumptions if s.startswith("GEN-006")] == [
        "GEN-006 not checked: the transport identity of the sender is not known"
    ]


# --------------------------------------------------------------------------------------------- GEN-007 and GEN-008, roles
ROLES = [f"A{number:02}" for number in (4, 5, 8, 9, 11, 25, 27, 32, 33, 34, 35, 36, 39, 45, 46, 49, 50, 52, 54, 56)]
OPERATORS = ["A04", "A11", "A34", "A35", "A49", "A50"]
PROVIDERS = ["A11", "A27", "A39", "A46", "A52", "A56"]
BALANCED = [*OPERATORS, "A08", "A27", "A39", "A46", "A52", "A56"]
FACING = sorted({"A04", "A49", "A50", *PROVIDERS})
MAY_SEND = {
    "answer": FACING,
    "availability": [*OPERATORS, "A39", "A46"],
    "bids": [*OPERATORS, "A27", "A39", "A46", "A52", "A56"],
    "capacities": ["A04", "A35", "A36", "A49", "A50"],
    "direct_order": OPERATORS,
    "needs": ["A04", "A08", "A49", "A50"],
    "prices": OPERATORS,
    "result": OPERATORS,
    "scheduled_order": OPERATORS,
}
MAY_RECEIVE = {
    "answer": OPERATORS,
    "availability": [*OPERATORS, "A39", "A46"],
    "bids": OPERATORS,
    "capacities": [*OPERATORS, "A36"],
    "direct_order": FACING,
    "needs": OPERATORS,
    "prices": [*BALANCED, "A32", "A33"],
    "result": BALANCED,
    "scheduled_order": FACING,
}
NORWAY = {
    "answer": (["A46"], ["A04"]),
    "availability": (["A04", "A46"], ["A04", "A34", "A46"]),
    "bids": (["A46"], ["A34"]),
    "direct_order": (["A04"], ["A46"]),
    "needs": (["A04"], ["A35"]),
    "result": (["A04", "A34"], ["A46"]),
    "scheduled_order": (["A04"], ["A46"]),
}
"""Norway: who may send, and who may receive."""


def allowed(base: str, end: str, rule: str, market: str) -> list[str]:
    """Return the roles of one end of a document against which the rule has nothing."""
    place = f"{end}_MarketParticipant.marketRole.type"
    return [
        role
        for role in ROLES
        if not [
            finding
            for finding in said(base, ("set", place, role), over=market, peer={"roles": []})
            if finding[0] == rule and finding[2] == f"/{place}"
        ]
    ]


@pytest.mark.parametrize("base", MAY_SEND)
def test_the_roles_that_may_send_and_receive_here(base: str) -> None:
    assert allowed(base, "sender", "GEN-007", "project") == sorted(MAY_SEND[base])
    assert allowed(base, "receiver", "GEN-008", "project") == sorted(MAY_RECEIVE[base])


@pytest.mark.parametrize("base", NORWAY)
def test_the_roles_that_may_send_and_receive_in_norway(base: str) -> None:
    senders, receivers = NORWAY[base]
    assert allowed(base, "sender", "GEN-007", "nordic_no") == senders
    assert allowed(base, "receiver", "GEN-008", "nordic_no") == receivers


def test_a_role_is_one_of_the_market_and_one_of_the_registration() -> None:
    place = "/sender_MarketParticipant.marketRole.type"
    step = ("set", place[1:], "A52")
    assert said("bids", step) == [("GEN-007", "A78", place, "A04, A46, A49 or A50", "A52")]
    assert broken("bids", step, peer={"roles": ["A52"]}) == []
    assert broken("bids", step, peer={"roles": []}) == []
    assert said("bids", step, over="nordic_no", peer={"roles": ["A46"]})[0] == ("GEN-007", "A78", place, "A46", "A52")


# ------------------------------------------------------------------------------------------------------------ GEN-009
@pytest.mark.parametrize(
    ("subject", "delegations", "expected"),
    [
        (ALPHA, {}, None),
        (MARKET, {}, None),
        (BETA, {ALPHA: [BETA]}, None),
        (BETA, {}, ALPHA),
        (BETA, {ALPHA: []}, ALPHA),
        (BETA, {BETA: [ALPHA]}, ALPHA),
        (BETA, {ALPHA: [NORTH, RIVER]}, f"{RIVER} or {NORTH}"),
    ],
)
def test_a_sender_speaks_for_itself_or_for_those_who_let_it(
    subject: str, delegations: dict[str, list[str]], expected: str | None
) -> None:
    element = f"<subject_MarketParticipant.mRID codingScheme='A01'>{subject[4:]}</subject_MarketParticipant.mRID>"
    known: dict[str, list[str]] = {ALPHA: []} | delegations
    found = only("GEN-009", said("answer", ("before", "order_MarketDocument.mRID", element), delegations=known))
    assert found == ([("A05", "/subject_MarketParticipant.mRID", expected, subject)] if expected else [])


# ------------------------------------------------------------------------------------------------------------ GEN-010
TYPES = ["A24", "A26", "A31", "A32", "A37", "A38", "A39", "A40", "A41", "A43", "A84", "B21", "B23", "B24", "B40", "B45"]
"""What documents with rules of their own may be."""

TAKEN = {
    "project": {
        "bids": ["A37", "B21", "B40"],
        "result": ["A38", "B23"],
        "capacities": ["A26", "A31", "A32"],
        "scheduled_order": ["A39", "A40", "A41"],
        "prices": ["A84", "B24"],
        "availability": ["B45"],
    },
    "nordic_no": {
        "bids": ["A37", "B21"],
        "result": ["A38"],
        "capacities": [],
        "scheduled_order": ["A39", "A40", "A41"],
        "prices": [],
        "availability": ["B45"],
    },
}


@pytest.mark.parametrize(("market", "base"), [(market, base) for market, bases in TAKEN.items() for base in bases])
def test_the_types_that_a_market_takes(market: str, base: str) -> None:
    taken = [
        kind for kind in TYPES if "/type" not in {row[2] for row in said(base, ("set", "type", kind), over=market)}
    ]
    assert taken == TAKEN[market][base]


def test_a_market_that_has_no_such_document_says_so() -> None:
    assert only("GEN-010", said("capacities", over="nordic_no")) == [("A77", "/type", "nothing", "A26")]
    assert only("GEN-010", said("prices", over="nordic_no")) == [("A77", "/type", "nothing", "B24")]


@pytest.mark.parametrize(
    ("base", "processes"),
    [
        ("bids", ["A47"]),
        ("needs", ["A47"]),
        ("result", ["A47"]),
        ("scheduled_order", ["A47", "A60", "A61"]),
        ("answer", ["A47", "A60", "A61"]),
        ("availability", ["A47"]),
        ("capacities", ["A15", "A47", "A49", "A51"]),
        ("prices", ["A16", "A47", "A60", "A61"]),
    ],
)
def test_the_processes_that_go_with_a_type(base: str, processes: list[str]) -> None:
    every = ["A15", "A16", "A46", "A47", "A49", "A51", "A52", "A56", "A60", "A61", "A63"]
    refused = {process: only("GEN-010", said(base, ("set", "process.processType", process))) for process in every}
    assert [process for process, found in refused.items() if not found] == processes
    expected = processes[0] if len(processes) == 1 else ", ".join(processes[:-1]) + f" or {processes[-1]}"
    wrong = {
        process: [("A79", "/process.processType", expected, process)] for process in every if process not in processes
    }
    assert {process: found for process, found in refused.items() if found} == wrong


def test_offers_and_needs_do_not_stand_in_one_document() -> None:
    third = ("set", "Bid_TimeSeries[3]/businessType", "B75")
    first = ("set", "Bid_TimeSeries[1]/businessType", "B90")
    assert only("GEN-010", said("bids", third)) == [("A77", "/Bid_TimeSeries[3]/businessType", "B74", "B75")]
    assert only("GEN-010", said("bids", first)) == [("A77", "/Bid_TimeSeries[1]/businessType", "B74", "B90")]


@pytest.mark.parametrize("base", ["scheduled_order", "direct_order", "answer"])
@pytest.mark.parametrize(("business", "rules"), [("A97", []), ("A96", ["GEN-010"]), ("B74", ["GEN-010"])])
def test_orders_are_of_manual_reserve(base: str, business: str, rules: list[str]) -> None:
    assert broken(base, ("set", "TimeSeries/businessType", business)) == rules
