"""Four eyes: whose approvals count, for which book, and when one is enough."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.errors import Misconfigured
from security.approval import Approval, approve, require_approved, widenings
from security.peers import PeerBook
from tests.security.books import AREA, HEAD, NOW, OTHER, PEER, ZEROS, book, pin

PEOPLE = {
    name: Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32)) for name in ("alice", "bob", "carol", "eve")
}
KEYS = {name: PEOPLE[name].public_key() for name in ("alice", "bob", "carol")}
FIRST = book()


def later(*changes: tuple[str, str], text: str = HEAD + PEER + OTHER) -> PeerBook:
    """Return the book that follows the first one."""
    return book(("version     = 7", "version = 8"), (ZEROS, FIRST.digest), *changes, text=text)


def by(read: PeerBook, *names: str) -> list[Approval]:
    return [approve(read, name, PEOPLE[name], NOW) for name in names]


def objection(running: PeerBook | None, new: PeerBook, approvals: list[Approval]) -> str:
    with pytest.raises(Misconfigured) as caught:
        require_approved(running, new, approvals, KEYS)
    return caught.value.found


def test_two_people_bring_a_book_into_force() -> None:
    require_approved(None, FIRST, by(FIRST, "alice", "bob"), KEYS)
    wider = later(("rps = 2", "rps = 3"))
    require_approved(FIRST, wider, by(wider, "bob", "alice"), KEYS)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), "none"),
        (("alice",), "alice: counts"),
        (("alice", "alice"), "alice: counts; alice: counts"),
        (("alice", "carol"), "alice: counts; carol: is the author"),
        (("alice", "eve"), "alice: counts; eve: is no approver"),
    ],
    ids=["nobody", "one", "one twice", "the author", "a stranger"],
)
def test_fewer_than_two_do_not(names: tuple[str, ...], found: str) -> None:
    assert objection(None, FIRST, by(FIRST, *names)) == found


def test_an_approval_of_another_book_does_not_count() -> None:
    wider = later(("rps = 2", "rps = 3"))
    assert objection(FIRST, wider, by(FIRST, "alice", "bob")) == (
        "alice: approves another book; bob: approves another book"
    )


@pytest.mark.parametrize("field", ["instance", "policy_sha256", "previous", "version"])
def test_every_part_of_the_statement_is_about_the_book(field: str) -> None:
    (given,) = by(FIRST, "bob")
    other: dict[str, object] = {field: 8 if field == "version" else "f" * 64}
    statement = replace(given.statement, **other)  # type: ignore[arg-type]  # of either type
    forged = Approval(statement, PEOPLE["bob"].sign(statement.signed_bytes))
    assert objection(None, FIRST, [*by(FIRST, "alice"), forged]).endswith("bob: approves another book")


def test_a_signature_of_another_statement_does_not_count() -> None:
    alice, bob = by(FIRST, "alice", "bob")
    moved = Approval(bob.statement, alice.signature)
    assert objection(None, FIRST, [alice, moved]) == "alice: counts; bob: has not signed this"
    redated = Approval(replace(bob.statement, approved_at=NOW + timedelta(1)), bob.signature)
    assert objection(None, FIRST, [alice, redated]) == "alice: counts; bob: has not signed this"


def test_a_book_that_does_not_follow_is_refused_whoever_signs() -> None:
    with pytest.raises(Misconfigured) as caught:
        require_approved(FIRST, FIRST, by(FIRST, "alice", "bob"), KEYS)
    assert caught.value.path == "peer book.version"


def test_to_take_a_peer_away_one_is_enough() -> None:
    narrower = later(text=HEAD + PEER)
    require_approved(FIRST, narrower, by(narrower, "alice"), KEYS)
    assert list(widenings(FIRST, narrower)) == []


@pytest.mark.parametrize(
    "change",
    [(', "2001:db8:a::/64"', ""), ('["A04", "A34"]', '["A04"]'), ('["https", "file"]', '["https"]')],
    ids=["a network", "a role", "a transport"],
)
def test_to_take_a_part_of_a_peer_away_one_is_enough(change: tuple[str, str]) -> None:
    narrower = later(change)
    require_approved(FIRST, narrower, by(narrower, "bob"), KEYS)


WIDER = {
    "a network": ('"198.51.100.0/30"', '"198.51.100.0/30", "203.0.113.0/30"'),
    "a wider network": ("198.51.100.0/30", "198.51.100.0/29"),
    "a new key": (pin("tso-a next"), pin("tso-a third")),
    "a key for longer": ("2028-01-31", "2029-01-31"),
    "another document": ('["A37"]', '["A37", "A38"]'),
    "another rate": ("rps = 2", "rps = 1"),
    "a weaker signature": ("eic          = ", 'signature = "none"\neic = '),
    "other defaults": ('author      = "carol"', 'author = "carol"\n[defaults]\nmax_age_s = 901'),
    "an area": (f'["{AREA}"]', '["*"]'),
}


@pytest.mark.parametrize("case", WIDER)
def test_to_allow_anything_new_takes_two(case: str) -> None:
    wider = later(WIDER[case])
    assert list(widenings(FIRST, wider)) in (["peer agg-c in part"], ["peer tso-a in part"], ["defaults"])
    assert objection(FIRST, wider, by(wider, "alice")) == "alice: counts"


def test_a_new_peer_takes_two() -> None:
    before = book(text=HEAD + PEER)
    after = book(("version     = 7", "version = 8"), (ZEROS, before.digest))
    assert list(widenings(before, after)) == ["peer tso-a"]
    assert objection(before, after, by(after, "bob")) == "bob: counts"
