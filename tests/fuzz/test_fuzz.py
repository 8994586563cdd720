"""Damaged documents: every failure is `Malformed` or a finding; nothing else escapes, hangs or piles up."""

import random
import sys
from collections.abc import Callable

import psutil
import pytest

from gateway.errors import Malformed
from profiles import markets, parse, read, write
from profiles.edition import Edition
from profiles.registry import EDITIONS
from tests.fuzz.byte_noise import damaged
from tests.fuzz.harness import LONGEST_SECONDS, Outcome, Target, alarm, handle, run
from tests.fuzz.plausible import plausible_documents
from tests.generate_documents import random_document

FAST = 400
FULL = 20_000
GROWTH_BYTES = 150_000_000
MAPPED = {
    "acknowledgement",
    "activation",
    "balancing",
    "bid_availability",
    "capacity",
    "reserve_allocation_result",
    "reserve_bid",
}
"""The documents of the balancing market, of which there is a plausible one."""

PROJECT, NORDIC = markets.load("project"), markets.load("nordic_no")


def parsed_and_written(data: bytes) -> str:
    """Parse; what has no finding can be written again and comes back the same."""
    document = parse(data)
    if document.report.findings:
        return "parsed with findings"
    again = parse(write(document.document, document.edition)).document
    if again != document.document:
        raise AssertionError("a document changes when it is written and read again")
    return "parsed"


def read_by_the_rules(data: bytes) -> str:
    """Parse, judge by the rules of both markets, and map to the canonical model."""
    reading = read(data, NORDIC if b":nbm:" in data[:400] else PROJECT)
    return "refused by findings" if reading.envelope is None else "mapped"


TARGETS: dict[str, Target] = {"parse": parsed_and_written, "read": read_by_the_rules}


@pytest.fixture(scope="module")
def corpus() -> list[bytes]:
    """Plausible documents of every kind, and senseless ones with every element."""
    rng = random.Random("corpus")
    senseless = [_shortest(edition, rng) for edition in EDITIONS]
    return plausible_documents() * 3 + senseless


def _shortest(edition: Edition, rng: random.Random) -> bytes:
    """Return the shortest of a few random documents: nested ones grow beyond measure."""
    documents = [write(random_document(edition.document, edition, rng), edition) for _ in range(4)]
    return min(documents, key=len)


def test_the_corpus_has_documents_of_every_kind(corpus: list[bytes]) -> None:
    plausible = [read(data, PROJECT) for data in plausible_documents() if b":nbm:" not in data[:400]]
    assert {type(reading.document).__module__.rpartition(".")[2] for reading in plausible} == MAPPED
    assert all(reading.envelope is not None for reading in plausible)
    assert {parse(data, overlay="nbm" if b":nbm:" in data[:400] else None).edition for data in corpus} >= {*EDITIONS}


def check(outcome: Outcome, count: int) -> None:
    assert not outcome.failures, f"{outcome}\n{outcome.told()}"
    assert sum(outcome.counts.values()) == count


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_but_malformed_leaves_the_reader(target: str, corpus: list[bytes]) -> None:
    check(run(TARGETS[target], corpus, FAST, f"fast {target}"), FAST)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_but_malformed_leaves_the_reader_in_a_long_run(
    target: str, corpus: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    run(TARGETS[target], corpus, FAST, "warm caches")
    before = psutil.Process().memory_info().rss
    outcome = run(TARGETS[target], corpus, FULL, f"full {target}")
    growth = psutil.Process().memory_info().rss - before
    with capsys.disabled():
        sys.stdout.write(f"\n{target}: {outcome}; memory grew by {growth / 1e6:.0f} MB\n")
    check(outcome, FULL)
    assert growth < GROWTH_BYTES


# ---------------------------------------------------------------------------------------------- the fuzz test can fail


def leaking(error: Exception, often: int) -> Target:
    """Return a reader that leaks *error* now and then."""
    calls = iter(range(10**9))

    def target(data: bytes) -> str:
        if next(calls) % often == often - 1:
            raise error
        return parsed_and_written(data)

    return target


@pytest.mark.parametrize("error", [ValueError("leaked"), RecursionError(), OverflowError("too large"), MemoryError()])
def test_an_error_that_escapes_is_found(error: Exception, corpus: list[bytes]) -> None:
    outcome = run(leaking(error, 50), corpus, 100, "planted")
    assert outcome.counts["escaped"] == 2
    assert type(error).__name__ in outcome.told()


def test_an_endless_sentence_is_found() -> None:
    def talkative(_: bytes) -> str:
        raise Malformed("/", "less", "x" * 2000)

    outcome = Outcome()
    handle(talkative, b"<a/>", outcome)
    assert "characters" in outcome.told()


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.harness.LONGEST_SECONDS", 0.05)

    def hanging(_: bytes) -> str:
        while True:
            pass

    outcome = Outcome()
    handle(hanging, b"<a/>", outcome)
    assert "TooSlow" in outcome.told()
    assert outcome.slowest_seconds < LONGEST_SECONDS


def test_the_alarm_is_silent_after_the_block() -> None:
    with alarm(60):
        pass
    assert sum(range(1000)) == 499_500


def test_damage_repeats_for_the_same_seed(corpus: list[bytes]) -> None:
    make: Callable[[], list[bytes]] = lambda: [  # noqa: E731 - the same twice
        damaged(corpus, rng) for rng in [random.Random("same")] for _ in range(20)
    ]
    assert make() == make()
