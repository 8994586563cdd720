"""The peer book: what is read, and that nothing wrong, unclear or contradictory comes into force."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.errors import Misconfigured
from security.peers import Flow, Pin, Rate, Signature, Transport, Use, read_book, require_successor
from tests.security.books import AGGREGATOR, AREA, HEAD, NEIGHBOUR, OPERATOR, OTHER, OURS, PEER, TEXT, ZEROS, book, pin


def test_a_book_is_read_as_it_stands() -> None:
    read = book()
    assert (read.version, read.previous, read.own_eic, read.author) == (7, ZEROS, OURS, "carol")
    assert (read.valid_from, read.valid_until) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC))
    assert read.digest == sha256(TEXT.encode()).hexdigest()
    aggregator, operator = read.peers
    assert (aggregator.id, aggregator.eic, set(aggregator.roles)) == ("agg-c", AGGREGATOR, {"A46"})
    assert aggregator.networks == (ip_network("198.51.100.0/30"), ip_network("2001:db8:a::/64"))
    assert aggregator.rate == Rate(rps=Decimal(2), burst=3, concurrent=4)
    assert aggregator.signature is None
    assert operator.signature is Signature.NONE
    assert operator.transports == {Transport.HTTPS, Transport.FILE}
    (rule,) = aggregator.allow
    assert (rule.id, rule.direction) == ("agg-c.bids-in", Flow.IN)
    assert (set(rule.document), set(rule.scheme), set(rule.area)) == ({"A37"}, {"local", "common"}, {AREA})


def test_what_a_book_leaves_out_is_careful() -> None:
    defaults = book(text=HEAD).defaults
    assert defaults.effect == "deny"
    assert defaults.signature is Signature.DETACHED
    assert (defaults.max_body_bytes, defaults.max_age_s, defaults.max_future_s) == (5_242_880, 900, 30)


def test_a_key_finds_its_peer_for_its_use_alone() -> None:
    read = book()
    found = read.holder(Use.TLS, pin("agg-c"))
    assert found is not None
    assert found[0].id == "agg-c"
    assert read.holder(Use.SIGNING, pin("agg-c")) is None
    assert read.holder(Use.TLS, pin("nobody")) is None


def test_a_peer_speaks_for_itself_and_for_those_it_serves() -> None:
    aggregator, operator = book().peers
    spoken = [
        [peer.speaks_for(party) for party in (AGGREGATOR, NEIGHBOUR, OPERATOR)] for peer in (aggregator, operator)
    ]
    assert spoken == [[True, True, False], [False, False, True]]


def test_a_pin_is_accepted_from_its_first_instant_until_before_its_last() -> None:
    first, last = datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    accepted = Pin(use=Use.TLS, spki_sha256=ZEROS, not_before=first, not_after=last)
    second = timedelta(seconds=1)
    assert [accepted.valid(at) for at in (first - second, first, last - second, last)] == [False, True, True, False]


def test_a_book_beyond_its_time_is_stale_and_still_read() -> None:
    read = book()
    assert not read.stale(datetime(2027, 4, 30, tzinfo=UTC))
    assert read.stale(datetime(2027, 5, 1, tzinfo=UTC))
    assert read.stale(datetime(2026, 10, 31, tzinfo=UTC))


WRONG: dict[str, tuple[tuple[str, str], str]] = {
    "another form": (('"gateway-policy/1"', '"gateway-policy/2"'), "schema"),
    "no version": (("version     = 7\n", ""), "version"),
    "a version of 0": (("version     = 7", "version     = 0"), "version"),
    "an unknown key": (('author      = "carol"', 'autor = "carol"'), "autor"),
    "a time without offset": (("2026-11-01T00:00:00Z", "2026-11-01T00:00:00"), "valid_from"),
    "an end before the start": (("2027-05-01", "2026-05-01"), "valid_until"),
    "no digest before": ((ZEROS, "0"), "previous"),
    "an effect that allows": (
        ('author      = "carol"', 'author = "carol"\n[defaults]\neffect = "allow"'),
        "defaults.effect",
    ),
    "a size of nothing": (
        ('author      = "carol"', 'author = "carol"\n[defaults]\nmax_body_bytes = 0'),
        "defaults.max_body_bytes",
    ),
    "a rate of nothing": (("rps = 2", "rps = 0"), "peer[1].rate.rps"),
    "a wrong check character": ((AGGREGATOR, "10X-AGG-C------J"), "peer[1].eic"),
    "an area for a party": ((f'["{NEIGHBOUR}"]', f'["{AREA}"]'), "peer[1].may_send_for"),
    "a role that is no code": (('["A46"]', '["aggregator"]'), "peer[1].roles"),
    "an unknown transport": (('["https"]', '["http"]'), "peer[1].transports[1]"),
    "a network that is none": (("198.51.100.0/30", "198.51.100.1/30"), "peer[1].networks[1]"),
    "the whole Internet": (("198.51.100.0/30", "0.0.0.0/0"), "peer[1].networks[1]"),
    "all of version 6": (("2001:db8:a::/64", "::/0"), "peer[1].networks[2]"),
    "a digest in capitals": ((pin("agg-c"), pin("agg-c").upper()), "peer[1].cert[1].spki_sha256"),
    "a key for no time": (("not_after   = 2027-06-01", "not_after   = 2026-06-01"), "peer[1].cert[1].not_after"),
    "an unknown use": (('use         = "signing"', 'use = "sign"'), "peer[1].cert[2].use"),
    "https without a key for it": (('use         = "tls"', 'use = "encryption"'), "peer[1].cert"),
    "nothing allowed by a rule": (('["A37"]', "[]"), "peer[1].allow[1].document"),
    "everything, and one more": (('["A37"]', '["*", "A37"]'), "peer[1].allow[1].document"),
    "the id of another peer": (('id         = "tso-a"', 'id = "agg-c"'), "peer[2].id"),
    "the party of another peer": ((OPERATOR, AGGREGATOR), "peer[2].eic"),
    "the key of another peer": ((pin("tso-a next"), pin("agg-c")), "peer[2].cert[2].spki_sha256"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_with_its_place(case: str) -> None:
    change, path = WRONG[case]
    with pytest.raises(Misconfigured) as caught:
        book(change)
    assert caught.value.path == f"peer book.{path}"


@pytest.mark.parametrize("data", [b"\xff", b"version = ", b"version = 7\nversion = 8"], ids=["no text", "cut", "twice"])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_book(data)
    assert caught.value.path == "peer book"


def test_two_rules_of_a_peer_have_two_names() -> None:
    rule = PEER[PEER.index("  [[peer.allow]]") :]
    with pytest.raises(Misconfigured) as caught:
        book(text=HEAD + PEER + rule + OTHER)
    assert (caught.value.path, caught.value.found) == ("peer book.peer[1].allow[2].id", "'agg-c.bids-in'")


def test_a_peer_may_have_one_key_for_two_uses() -> None:
    read = book((pin("agg-c signing"), pin("agg-c")))
    assert read.holder(Use.SIGNING, pin("agg-c")) is not None


def test_a_new_book_follows_the_running_one() -> None:
    running = book()
    require_successor(running, book(("version     = 7", "version = 9"), (ZEROS, running.digest)))
    for change, path in (
        (("version     = 7", "version = 7"), "version"),
        (("version     = 7", "version = 8"), "previous"),
    ):
        with pytest.raises(Misconfigured) as caught:
            require_successor(running, book(change))
        assert caught.value.path == f"peer book.{path}"


def test_the_published_example_is_a_book(reference_data: Path) -> None:
    read = read_book((reference_data / "security" / "policy.example.toml").read_bytes())
    assert [peer.id for peer in read.peers] == ["tso-a", "agg-c"]
