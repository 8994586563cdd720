"""Receipts: canonical message to acknowledgement and back."""

import dataclasses

import pytest

from gateway.model import Role
from gateway.report import Report
from gateway.results import Reason, Receipt, Verdict
from profiles import parse, to_canonical, write, write_message
from profiles import parts as wire
from tests.profiles.letters import QUARTER, SELLER, TEN, exchanged, letter


def receipt(*codes: str, **changes: object) -> tuple[Receipt, Report]:
    parsed = parse(write_message(letter(Receipt(verdict=Verdict.ACCEPTED))))
    document = exchanged(parsed.document, reasons=tuple(wire.Reason(code=code) for code in codes), **changes)
    received, report = to_canonical(dataclasses.replace(parsed, document=document))
    assert isinstance(received.message, Receipt)
    return received.message, report


@pytest.mark.parametrize(
    ("codes", "verdict", "rest"),
    [
        (("A01",), Verdict.ACCEPTED, ()),
        (("A02",), Verdict.REFUSED, ()),
        (("A03",), Verdict.PARTLY_ACCEPTED, ()),
        (("B70",), Verdict.PARTLY_ACCEPTED, ()),
        (("A02", "A57"), Verdict.REFUSED, ("A57",)),
        (("A57", "A02"), Verdict.REFUSED, ("A57",)),
        (("A57",), Verdict.REFUSED, ("A57",)),
        (("A01", "A02"), Verdict.REFUSED, ()),
    ],
)
def test_the_verdict_is_among_the_reasons_or_it_is_a_refusal(
    codes: tuple[str, ...], verdict: Verdict, rest: tuple[str, ...]
) -> None:
    found, report = receipt(*codes)
    assert found.verdict is verdict
    assert tuple(reason.code for reason in found.reasons) == rest
    assert bool(report.assumptions) == (codes in {("A57",), ("A01", "A02")})


def test_a_receiver_without_role_faces_the_sender() -> None:
    parsed = parse(write_message(letter(Receipt(verdict=Verdict.ACCEPTED))))
    document = exchanged(parsed.document, receiver_role=None)
    received, report = to_canonical(dataclasses.replace(parsed, document=document))
    assert received.receiver == SELLER
    assert len(report.assumptions) == 1
    turned = exchanged(document, sender=document.receiver, sender_role="A46", receiver=document.sender)
    assert to_canonical(dataclasses.replace(parsed, document=turned))[0].receiver.role is Role.MARKET_OPERATOR


def test_parts_in_error_of_the_whole_document_are_reported_as_lost() -> None:
    part = wire.InErrorPeriod(
        interval=wire.TimeInterval(start=TEN, end=TEN + QUARTER), reasons=(wire.Reason(code="A49"),)
    )
    assert receipt("A02", in_error=(part,))[1].losses == ("InError_Period: dropped 1 times",)


def test_a_verdict_is_written_before_the_causes() -> None:
    data = write_message(letter(Receipt(verdict=Verdict.REFUSED, reasons=(Reason(code="A57"),)))).decode()
    assert data.index("<code>A02</code>") < data.index("<code>A57</code>")
    assert write(parse(data.encode()).document, parse(data.encode()).edition) == data.encode()
