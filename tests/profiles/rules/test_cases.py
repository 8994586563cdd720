"""Cases for rules: files in, changed documents out, and the matrix of what breaks what."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.errors import Misconfigured
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Reserve
from profiles.cases import Suite, matrix
from profiles.cases.context import read_context
from profiles.cases.edits import changed
from profiles.lexical import Coded
from profiles.rules.context import Context, KnownOrder, KnownResource, Peer, SeenDocument, identifier
from profiles.rules.engine import rules
from tests.profiles.rules.cases import SUITE, source

ROOT = b'<a xmlns="urn:x"><b>1</b><c><d k="1">2</d><d>3</d></c></a>'
HEAD = b"<?xml version='1.0' encoding='UTF-8'?>\n"


# ------------------------------------------------------------------------------------------------------------ edits
@pytest.mark.parametrize(
    ("step", "after"),
    [
        (("set", "b", "9"), b"<b>9</b><c><d k='1'>2</d><d>3</d></c>"),
        (("set", "c/d[2]", "9"), b"<b>1</b><c><d k='1'>2</d><d>9</d></c>"),
        (("attribute", "c/d", "k", "9"), b"<b>1</b><c><d k='9'>2</d><d>3</d></c>"),
        (("attribute", "b", "k", "9"), b"<b k='9'>1</b><c><d k='1'>2</d><d>3</d></c>"),
        (("drop", "b"), b"<c><d k='1'>2</d><d>3</d></c>"),
        (("drop", "c/d[1]"), b"<b>1</b><c><d>3</d></c>"),
        (("copy", "b"), b"<b>1</b><b>1</b><c><d k='1'>2</d><d>3</d></c>"),
        (("after", "b", "<e>5</e>"), b"<b>1</b><e>5</e><c><d k='1'>2</d><d>3</d></c>"),
        (("before", "b", "<e>5</e>"), b"<e>5</e><b>1</b><c><d k='1'>2</d><d>3</d></c>"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_an_edit_changes_one_thing(step: tuple[str, ...], after: bytes) -> None:
    expected = HEAD + b'<a xmlns="urn:x">' + after.replace(b"'", b'"') + b"</a>"
    assert changed(ROOT, [step]) == expected


def test_edits_are_made_one_after_the_other_and_those_of_bytes_first() -> None:
    steps = [("set", "b", "one"), ("copy", "b"), ("set", "b[1]", "two"), ("text", "<b>1</b>", "<b>0</b>")]
    assert b"<b>two</b><b>one</b>" in changed(ROOT, steps)


def test_bytes_alone_may_be_changed_to_what_is_no_xml() -> None:
    assert changed(ROOT, [("text", "</c>", ""), ("text", "urn:x", "urn:y")]) == ROOT.replace(b"</c>", b"").replace(
        b":x", b":y"
    )


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (("text", "no such text", ""), "'no such text'"),
        (("paint", "b", "red"), "paint b"),
        (("set", "c/e", "9"), "set c/e"),
        (("set", "c/d[3]", "9"), "set c/d[3]"),
    ],
)
def test_an_edit_that_changes_nothing_is_a_mistake(step: tuple[str, ...], found: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        changed(ROOT, [step])
    assert (refusal.value.path, refusal.value.found) == ("edit", found)


# ---------------------------------------------------------------------------------------------------- what is known
def test_a_table_is_read_into_a_context() -> None:
    table = {
        "now": datetime(2026, 6, 15, 8, tzinfo=UTC),
        "own_parties": ["A01:10XMO-MARKET---Y"],
        "areas": ["NNO:NO1"],
        "borders": [["NNO:NO1", "NNO:NO2"]],
        "sent": ["one", "two"],
        "peer": {"parties": ["A10:5790000000005"], "roles": ["A46"]},
        "delegations": {"A01:a": ["A01:b"]},
        "resources": {"A01:r": {"provider": "A01:a", "operator": "A01:o", "reserves": ["mFRR"], "maximum_mw": 7}},
        "orders": {
            "o": {"revision": 2, "sent": datetime(2026, 6, 15, tzinfo=UTC), "quantities": {"b": Decimal("2.5")}}
        },
        "seen": [{"sender": "A01:a", "id": "d", "digest": "x", "revision": 3}],
        "digest": "as it is",
    }
    alpha = PartyId("a", "A01")
    unit = KnownResource(
        provider=alpha,
        operator=PartyId("o", "A01"),
        reserves=frozenset({Reserve.MFRR}),
        maximum_mw=Decimal(7),
    )
    order = KnownOrder(revision=2, sent=datetime(2026, 6, 15, tzinfo=UTC), quantities={"b": Decimal("2.5")})
    assert read_context(table, {}) == Context(
        now=datetime(2026, 6, 15, 8, tzinfo=UTC),
        own_parties=frozenset({PartyId("10XMO-MARKET---Y", "A01")}),
        areas=frozenset({AreaId("NO1", "NNO")}),
        borders=frozenset({(AreaId("NO1", "NNO"), AreaId("NO2", "NNO"))}),
        sent=frozenset({"one", "two"}),
        peer=Peer(parties=frozenset({PartyId("5790000000005", "A10")}), roles=frozenset({"A46"})),
        delegations={alpha: frozenset({PartyId("b", "A01")})},
        resources={ResourceId("r", "A01"): unit},
        orders={"o": order},
        seen={(alpha, "d"): SeenDocument(digest="x", revision=3)},
        digest="as it is",
    )


def test_a_known_bid_has_the_terms_that_the_table_leaves_out() -> None:
    start = datetime(2026, 6, 15, 10, tzinfo=UTC)
    known = read_context({"bids": {"b": {"start": start, "quantity_mw": 30}}}, {})
    entry = (known.bids or {})["b"]
    bid = entry.bid
    assert (bid.id, bid.quantity_mw, bid.minimum_mw, bid.divisible) == ("b", Decimal(30), Decimal(0), True)
    assert str(bid.interval) == "2026-06-15T10:00Z/2026-06-15T10:15Z"
    assert (entry.available, entry.cap_mw) == (True, None)
    assert entry.bid.provider == PartyId("10XBSP-ALPHA---F", "A01")


def test_changes_replace_parts_and_parts_of_parts() -> None:
    table = {"peer": {"parties": ["A01:a"], "roles": ["A46"]}, "sent": ["one"], "digest": "x"}
    known = read_context(table, {"peer": {"roles": []}, "sent": ["two"], "digest": "unknown"})
    assert known == Context(peer=Peer(parties=frozenset({PartyId("a", "A01")})), sent=frozenset({"two"}))


@pytest.mark.parametrize(("value", "named"), [("10XMO-MARKET---Y", True), ("x", True), ("", False), ("  ", False)])
def test_a_blank_is_no_identifier(value: str, *, named: bool) -> None:
    assert identifier(PartyId, Coded(value, "A01")) == (PartyId(value, "A01") if named else None)


def test_nothing_is_known_unless_it_is_told() -> None:
    assert read_context({}, {}) == Context()


# ------------------------------------------------------------------------------------------------------------ suites
CASE = """
[[case]]
rule = "RB-006"
what = "half a megawatt"
base = "bids"
edit = [["set", "Bid_TimeSeries[1]/Period/Point/quantity.quantity", "10.5"]]
code = "A42"
at = "/"
"""


def suite(text: str | bytes = CASE) -> Suite:
    content = text if isinstance(text, bytes) else text.encode()
    files = {"base/bids.xml": source("bids"), "context.toml": SUITE.files["context.toml"], "one.toml": content}
    return Suite(files)


def test_a_suite_is_its_files() -> None:
    own = suite()
    assert own.bases() == ("bids",)
    assert own.source("bids") == source("bids")
    (case,) = own.cases()
    assert (str(case), case.rule, case.weight, case.terms, case.over) == (
        "RB-006 half a megawatt",
        "RB-006",
        "reject",
        "",
        "project",
    )
    assert own.sound() == []


def test_a_sound_change_is_told_by_its_name() -> None:
    (change,) = suite('[[sound]]\nwhat = "as it is"\nbase = "bids"\n').sound()
    assert (str(change), change.edit) == ("as it is", ())
    assert change.check().clean


@pytest.mark.parametrize(
    ("over", "terms", "rules_"),
    [
        ("project", "", []),
        ("project", "bids.maximum_mw = 29", ["RB-006"]),
        ("nordic_no", "", ["RB-001", "RB-001", "RB-001"]),
        ("nordic_no", 'bids.auctions = ["MFRR"]', []),
    ],
)
def test_a_case_is_judged_in_its_market(over: str, terms: str, rules_: list[str]) -> None:
    (change,) = suite(f"[[sound]]\nwhat = 'x'\nbase = 'bids'\nover = '{over}'\nterms = '''{terms}'''\n").sound()
    assert [finding.rule for finding in change.check().findings] == rules_


def test_a_base_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(Misconfigured) as refusal:
        suite().source("needs")
    assert (refusal.value.expected, refusal.value.found) == ("one of bids", "needs")


@pytest.mark.parametrize("text", [b"[[case", b"a = \xff"])
def test_a_file_that_is_no_toml_is_a_mistake(text: bytes) -> None:
    with pytest.raises(Misconfigured, match="TOML in UTF-8"):
        suite(text).cases()


def test_the_matrix_has_a_row_for_each_rule() -> None:
    rows = {row.rule: row for row in matrix(suite())}
    assert list(rows) == list(rules())
    assert rows["RB-006"].cases == ("bids: half a megawatt",)
    assert rows["RB-006"].proven
    assert not rows["RB-007"].proven
    assert rows["CA-004"].proven
    assert rows["CA-004"].kept_by == "gateway.clearing.borders"


@pytest.mark.parametrize(
    ("old", "new", "astray"),
    [
        ("10.5", "30", "bids: half a megawatt (nothing)"),
        ('"RB-006"', '"RB-007"', "bids: half a megawatt (RB-006)"),
        ('"10.5"]]', '"10.5"], ["set", "revisionNumber", "2"]]', "bids: half a megawatt (GEN-015, RB-006)"),
        ('"10.5"]]', '"ten"]]', "bids: half a megawatt (GEN-004)"),
    ],
)
def test_a_case_that_breaks_another_rule_proves_nothing(old: str, new: str, astray: str) -> None:
    text = CASE.replace(old, new)
    (row,) = [row for row in matrix(suite(text)) if row.cases]
    assert row.astray == (astray,)
    assert not row.proven


def test_a_case_of_no_rule_is_a_mistake() -> None:
    with pytest.raises(Misconfigured) as refusal:
        matrix(suite(CASE.replace("RB-006", "RB-999")))
    assert (refusal.value.path, refusal.value.found) == ("case.rule", "RB-999")
