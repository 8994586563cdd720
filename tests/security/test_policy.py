"""Decisions: each refusal of the table, beside the same request allowed, and what is told of it to whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security.peers import Flow, Peer, PeerBook, Rate, Signature, Transport
from security.policy import SHOWN, AccessRequest, Bucket, Claim, Decision, Proof, Reason, admit, authorise, full
from tests.security.books import AGGREGATOR, AREA, NEIGHBOUR, NOW, OPERATOR, OURS, book, known, pin

BOOK = book()
REQUEST = AccessRequest(identity=known("agg-c"), transport=Transport.HTTPS, address=ip_address("198.51.100.2"))
SIGNED = Proof(kind=Signature.DETACHED, holds=True, signer_sha256=pin("agg-c signing"))
BIDS = Claim(
    direction=Flow.IN,
    sender=AGGREGATOR,
    receiver=OURS,
    document="A37",
    process="A47",
    scheme="common",
    areas=frozenset({AREA}),
    created=NOW - timedelta(seconds=5),
    proof=SIGNED,
)


def peer(name: str, read: PeerBook = BOOK) -> Peer:
    return next(entry for entry in read.peers if entry.id == name)


def admitted(
    request: AccessRequest, read: PeerBook = BOOK, now: datetime = NOW, bucket: Bucket | None = None
) -> Decision:
    return admit(read, request, now, bucket)[0]


# ---- before the body


def test_a_listed_peer_is_admitted() -> None:
    decision, who, left = admit(BOOK, REQUEST, NOW)
    assert decision.allowed
    assert (decision.peer, decision.reason, decision.shown) == ("agg-c", None, "")
    assert (decision.version, decision.digest) == (7, BOOK.digest)
    assert who is peer("agg-c")
    assert left == Bucket(Decimal(2), NOW)


EXPIRED = known("agg-c", until=NOW - timedelta(seconds=1))

ADMISSION: dict[str, tuple[AccessRequest, Reason, str]] = {
    "a key of nobody": (replace(REQUEST, identity=known("mallory")), Reason.PIN_UNKNOWN, "CN=mallory"),
    "a key for signing": (replace(REQUEST, identity=known("agg-c signing")), Reason.PIN_UNKNOWN, pin("agg-c signing")),
    "an expired certificate": (replace(REQUEST, identity=EXPIRED), Reason.PIN_OUTSIDE_VALIDITY, "07:59:59"),
    "the party of another": (replace(REQUEST, identity=known("agg-c", eic=OPERATOR)), Reason.EIC_MISMATCH, AGGREGATOR),
    "another transport": (replace(REQUEST, transport=Transport.AS4), Reason.TRANSPORT_NOT_ALLOWED, "has https"),
    "another address": (replace(REQUEST, address=ip_address("198.51.100.4")), Reason.IP_NOT_ALLOWED, "198.51.100.0/30"),
    "another address of version 6": (
        replace(REQUEST, address=ip_address("2001:db8:b::1")),
        Reason.IP_NOT_ALLOWED,
        "2001:db8:b::1",
    ),
    "too many unanswered": (replace(REQUEST, unanswered=4), Reason.RATE, "4 requests are unanswered"),
}


@pytest.mark.parametrize("case", ADMISSION)
def test_who_is_not_as_the_book_says_is_refused(case: str) -> None:
    request, reason, words = ADMISSION[case]
    decision = admitted(request)
    assert (decision.reason, decision.allowed) == (reason, False)
    assert words in decision.words
    assert decision.peer == (None if reason is Reason.PIN_UNKNOWN else "agg-c")


def test_the_party_in_the_certificate_may_be_told_or_not() -> None:
    assert admitted(replace(REQUEST, identity=known("agg-c", eic=AGGREGATOR))).allowed


def test_the_other_network_of_a_peer_will_do() -> None:
    assert admitted(replace(REQUEST, address=ip_address("2001:db8:a::1"))).allowed


@pytest.mark.parametrize(
    ("name", "now", "allowed"),
    [
        ("tso-a", datetime(2026, 12, 31, tzinfo=UTC), True),
        ("tso-a next", datetime(2026, 12, 31, tzinfo=UTC), False),
        ("tso-a", datetime(2027, 1, 15, tzinfo=UTC), True),
        ("tso-a next", datetime(2027, 1, 15, tzinfo=UTC), True),
        ("tso-a", datetime(2027, 1, 31, tzinfo=UTC), False),
        ("tso-a next", datetime(2027, 1, 31, tzinfo=UTC), True),
    ],
)
def test_keys_are_rotated_without_a_gap(name: str, now: datetime, *, allowed: bool) -> None:
    request = replace(REQUEST, identity=known(name), address=ip_address("192.0.2.1"))
    assert admitted(request, now=now).reason == (None if allowed else Reason.PIN_OUTSIDE_VALIDITY)


def test_a_key_that_leaves_the_book_is_refused_at_the_next_request() -> None:
    assert admitted(REQUEST).allowed
    later = book(("version     = 7", "version = 8"), (pin("agg-c"), pin("agg-c next")))
    assert admitted(REQUEST, later).reason is Reason.PIN_UNKNOWN


def test_a_peer_without_networks_comes_from_nowhere() -> None:
    closed = book(('networks   = ["192.0.2.0/28"]\n', ""))
    decision = admitted(replace(REQUEST, identity=known("tso-a"), address=ip_address("192.0.2.1")), closed)
    assert (decision.reason, decision.words) == (Reason.IP_NOT_ALLOWED, "came from 192.0.2.1, the book has no network")


def test_who_may_not_know_is_not_told_why() -> None:
    assert {SHOWN[reason] for reason in list(Reason)[:3]} == {"not_authorised"}
    assert SHOWN[Reason.IP_NOT_ALLOWED] == "not_authorised"
    assert SHOWN[Reason.NO_RULE] == "NO_RULE"


# ---- the rate


def test_a_burst_is_let_through_and_the_next_is_not() -> None:
    left: Bucket | None = None
    reasons = []
    for _ in range(4):
        decision, _, left = admit(BOOK, REQUEST, NOW, left)
        reasons.append(decision.reason)
    assert reasons == [None, None, None, Reason.RATE]
    decision, _, left = admit(BOOK, REQUEST, NOW + timedelta(milliseconds=499), left)
    assert decision.reason is Reason.RATE
    decision, _, left = admit(BOOK, REQUEST, NOW + timedelta(milliseconds=500), left)
    assert decision.allowed
    assert left is not None
    assert left.tokens == 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rate = Rate(rps=Decimal(1), burst=2, concurrent=1)
    left = full(rate, NOW).take(rate, NOW)
    assert left == Bucket(Decimal(1), NOW)
    assert left.take(rate, NOW - timedelta(hours=1)) == Bucket(Decimal(0), NOW)


@given(st.lists(st.integers(0, 3_000_000), max_size=40), st.integers(1, 5), st.integers(1, 5))
def test_no_more_than_rate_and_burst_get_through(gaps: list[int], rps: int, burst: int) -> None:
    rate, now, through = Rate(rps=Decimal(rps), burst=burst, concurrent=1), NOW, 0
    left = full(rate, now)
    for gap in gaps:
        now += timedelta(microseconds=gap)
        taken = left.take(rate, now)
        through, left = (through, left) if taken is None else (through + 1, taken)
    assert through <= burst + rps * (now - NOW).total_seconds()


# ---- the document


def test_a_document_within_a_rule_is_allowed_by_its_name() -> None:
    decision = authorise(BOOK, peer("agg-c"), BIDS, NOW)
    assert (decision.allowed, decision.rule, decision.peer) == (True, "agg-c.bids-in", "agg-c")


def test_a_provider_brings_what_its_party_says() -> None:
    assert authorise(BOOK, peer("agg-c"), replace(BIDS, sender=NEIGHBOUR), NOW).allowed


AUTHORISATION: dict[str, tuple[Claim, Reason, str]] = {
    "the document of another": (replace(BIDS, sender=OPERATOR), Reason.SENDER_EIC_MISMATCH, AGGREGATOR),
    "for somebody else": (replace(BIDS, receiver=OPERATOR), Reason.RECEIVER_NOT_US, OURS),
    "unsigned": (replace(BIDS, proof=None), Reason.SIG_MISSING, "detached, there is none"),
    "signed in another way": (
        replace(BIDS, proof=replace(SIGNED, kind=Signature.XMLDSIG)),
        Reason.SIG_MISSING,
        "there is xmldsig",
    ),
    "a signature of other bytes": (replace(BIDS, proof=replace(SIGNED, holds=False)), Reason.SIG_INVALID, "bytes"),
    "signed by a key for tls": (
        replace(BIDS, proof=replace(SIGNED, signer_sha256=pin("agg-c"))),
        Reason.SIG_SIGNER,
        pin("agg-c"),
    ),
    "signed by nobody known": (
        replace(BIDS, proof=replace(SIGNED, signer_sha256=pin("mallory"))),
        Reason.SIG_SIGNER,
        pin("mallory"),
    ),
    "too old": (replace(BIDS, created=NOW - timedelta(seconds=901)), Reason.TOO_OLD, "900 s"),
    "from the future": (replace(BIDS, created=NOW + timedelta(seconds=31)), Reason.FROM_FUTURE, "30 s"),
    "another document": (replace(BIDS, document="A38"), Reason.NO_RULE, "A38 of A47 in common"),
    "another process": (replace(BIDS, process="A51"), Reason.NO_RULE, "A37 of A51"),
    "another scheme": (replace(BIDS, scheme="shared"), Reason.NO_RULE, "in shared"),
    "an area besides": (replace(BIDS, areas=frozenset({AREA, "10YNO-2--------T"})), Reason.NO_RULE, "10YNO-2--------T"),
}


@pytest.mark.parametrize("case", AUTHORISATION)
def test_a_document_that_the_book_does_not_allow_is_refused(case: str) -> None:
    claim, reason, words = AUTHORISATION[case]
    decision = authorise(BOOK, peer("agg-c"), claim, NOW)
    assert (decision.reason, decision.rule) == (reason, None)
    assert words in decision.words


def test_the_edges_of_age_are_inside() -> None:
    for created in (NOW - timedelta(seconds=900), NOW + timedelta(seconds=30)):
        assert authorise(BOOK, peer("agg-c"), replace(BIDS, created=created), NOW).allowed


def test_a_key_for_signing_is_accepted_in_its_time() -> None:
    late = datetime(2027, 6, 1, tzinfo=UTC)
    decision = authorise(BOOK, peer("agg-c"), replace(BIDS, created=late), late)
    assert decision.reason is Reason.SIG_SIGNER


def test_a_signature_that_is_not_asked_for_has_to_hold_too() -> None:
    lax = book(("eic          = ", 'signature = "none"\neic = '))
    assert authorise(lax, peer("agg-c", lax), replace(BIDS, proof=None), NOW).allowed
    forged = replace(BIDS, proof=replace(SIGNED, holds=False))
    assert authorise(lax, peer("agg-c", lax), forged, NOW).reason is Reason.SIG_INVALID


ORDER = replace(BIDS, direction=Flow.OUT, sender=OURS, receiver=OPERATOR, document="A39", process="A60", proof=None)


def test_what_is_sent_needs_a_rule_as_well() -> None:
    allowed = authorise(BOOK, peer("tso-a"), replace(ORDER, areas=frozenset({"anywhere"})), NOW)
    assert (allowed.rule, allowed.allowed) == ("tso-a.orders-out", True)
    refused = authorise(BOOK, peer("tso-a"), replace(ORDER, document="A37"), NOW)
    assert refused.words.endswith("the book has tso-a.orders-out")
    assert authorise(BOOK, peer("agg-c"), ORDER, NOW).words.endswith("the book has no rule")
    assert authorise(BOOK, peer("tso-a"), replace(ORDER, direction=Flow.IN, sender=OPERATOR, receiver=OURS), NOW).reason


CODES = st.sampled_from(["A37", "A38", "A39", "A47", "A51"])


@given(document=CODES, process=CODES, scheme=st.sampled_from(["local", "common", "shared"]), area=st.booleans())
def test_only_the_product_of_the_lists_is_allowed(*, document: str, process: str, scheme: str, area: bool) -> None:
    claim = replace(BIDS, document=document, process=process, scheme=scheme, areas=frozenset({AREA if area else "x"}))
    expected = document == "A37" and process == "A47" and scheme in {"local", "common"} and area
    assert authorise(BOOK, peer("agg-c"), claim, NOW).allowed == expected
