"""What coupled gateways write: one folder for each, and what all of them found.

A folder of a gateway holds its acknowledgements, the documents that it sent, the common list and the capacities that
are left, the answers to its own providers and buyers, `result.json` and `journal.json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from adapters.offline.coupling import CoupledGateway, Coupling
from adapters.offline.outputs import answer_path
from gateway import canonical_json
from gateway.answers import Answers
from gateway.coupling.joint import Coupled
from gateway.coupling.publication import published, share_of, simplified
from gateway.coupling.settlement import exchange_ledger
from gateway.envelope import Envelope, Message
from gateway.model import GridConstraints
from gateway.order_book import parties
from profiles import write_message


def outputs(coupling: Coupling, version: str) -> dict[str, bytes]:
    """Return every file of *coupling* by its path; *version* is that of this program."""
    files: dict[str, bytes] = {}
    for gateway in coupling.gateways:
        acted_on = coupling.acted_on[gateway.own]
        every = chain(gateway.sent.items(), _letters(gateway, acted_on), _records(gateway, coupling, version))
        files |= {f"{gateway.name}/{path}": content for path, content in every}
    summary = {
        "gateway": version,
        "verdict": coupling.verdict,
        "digests": {str(own): coupled.digest for own, coupled in coupling.found.items()},
    }
    files["coupling.json"] = canonical_json.write(summary).encode()
    return files


def _letters(gateway: CoupledGateway, coupled: Coupled) -> Iterator[tuple[str, bytes]]:
    """Yield the documents of one gateway: acknowledgements, publications, answers."""
    for file, letter in gateway.acknowledgements():
        yield f"acknowledgements/{file}", write_message(letter)
    for letter in published(gateway.agreement, gateway.own, coupled, gateway.now):
        yield _publication_path(letter), write_message(letter)
    own = gateway.agreement.areas_of(gateway.own)
    answers = Answers(gateway.settings.market, parties(gateway.envelopes), gateway.now)
    for part in coupled.parts:
        share = share_of(part.result, own)
        told = chain(answers.to_sellers(share), answers.to_buyers(share), answers.orders(share))
        for letter in (*told, *((answers.prices(share),) if share.prices else ())):
            yield answer_path(letter), write_message(letter)


def _publication_path(letter: Envelope[Message]) -> str:
    kind = "capacities_left" if isinstance(letter.message, GridConstraints) else "merit_order_list"
    area = "" if letter.domain is None else letter.domain.value
    start = "" if letter.period is None else f"{letter.period.start:%Y%m%dT%H%MZ}"
    return f"published/{kind}_{area}_{start}.xml"


def _records(gateway: CoupledGateway, coupling: Coupling, version: str) -> Iterator[tuple[str, bytes]]:
    acted_on, agreement = coupling.acted_on[gateway.own], gateway.agreement
    operators = {area: agreement.member_of(area).value for area in agreement.areas}
    record = {
        "gateway": version,
        "member": gateway.own,
        "agreement": agreement.digest,
        "verdict": coupling.verdict,
        "digest": coupling.found[gateway.own].digest,
        "parts": [
            {
                "areas": part.areas,
                "intervals": part.intervals,
                "welfare": part.result.welfare,
                "lists": [
                    {"interval": each.interval, "direction": each.direction, "digest": each.digest}
                    for each in part.lists
                ],
                "result": part.result,
                "not told": simplified(part.lists)[1],
                "exchange": exchange_ledger(part.result, operators).postings,
            }
            for part in acted_on.parts
        ],
        "periods": acted_on.records,
        "notes": acted_on.notes,
    }
    yield "result.json", canonical_json.write(record).encode()
    journal = [replace(entry, remark=entry.remark or "-") for entry in gateway.journal]
    yield "journal.json", canonical_json.write(journal).encode()
