"""`gateway pki`: an authority for test events from the command line, whose certificates the real library believes."""

import json
import ssl
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from security.authority import Subject, request
from security.identity import Verifier, identity
from security.tls import Credentials, Trust, server_context, shown_certificate
from tests.adapters.cli.commands import Capture, gateway
from tests.security.books import AGGREGATOR, key, pin
from tests.security.test_tls import lax, meet


@pytest.fixture
def folder(capsysbinary: Capture, tmp_path: Path) -> Path:
    made = tmp_path / "pki"
    assert gateway(capsysbinary, "pki", "init", made, "event").status == 0
    return made


def pki(capture: Capture, action: str, folder: Path, *more: str | Path) -> tuple[int, list[dict[str, Any]]]:
    ended = gateway(capture, "pki", action, folder, *more, "--format", "json")
    return ended.status, json.loads(ended.out or "[]")


def answering(folder: Path) -> ssl.SSLContext:
    own = Credentials(certificate=folder / "server.pem", key=folder / "server.key")
    return server_context(own, Trust(authorities=folder / "authorities.pem", revocation_lists=folder / "lists.pem"))


def calling(folder: Path, name: str) -> ssl.SSLContext:
    return lax(Credentials(certificate=folder / f"{name}.pem", key=folder / f"{name}.key"))


def test_a_party_is_let_in_until_it_is_revoked(capsysbinary: Capture, folder: Path) -> None:
    pki(capsysbinary, "issue", folder, "server", "--for", "server", "--host", "localhost", "--host", "127.0.0.1")
    status, (entry,) = pki(capsysbinary, "issue", folder, "agg-c", "--eic", AGGREGATOR)
    assert (status, entry["name"], entry["party"], entry["state"]) == (0, "agg-c", AGGREGATOR, "holds")
    met = meet(answering(folder), calling(folder, "agg-c"))
    assert met.said == {}
    assert identity(shown_certificate(met.server), Verifier.EMBEDDED).eic == AGGREGATOR
    status, (entry,) = pki(capsysbinary, "revoke", folder, "agg-c", "--reason", "keyCompromise")
    assert (status, entry["state"]) == (0, "revoked")
    assert "certificate revoked" in meet(answering(folder), calling(folder, "agg-c")).said["server"]


def test_a_renewed_certificate_holds_beside_the_old_one(capsysbinary: Capture, folder: Path) -> None:
    pki(capsysbinary, "issue", folder, "server", "--for", "server", "--host", "localhost")
    pki(capsysbinary, "issue", folder, "agg-c", "--eic", AGGREGATOR)
    old = (folder / "agg-c.pem").read_bytes()
    _, (entry,) = pki(capsysbinary, "renew", folder, "agg-c", "--days", "10")
    assert (entry["party"], entry["for"]) == (AGGREGATOR, "client")
    assert (folder / "agg-c.pem").read_bytes() != old
    assert meet(answering(folder), calling(folder, "agg-c")).said == {}
    _, listed = pki(capsysbinary, "list", folder)
    assert [(one["name"], one["state"]) for one in listed] == [
        ("server", "holds"),
        ("agg-c", "holds"),
        ("agg-c", "holds"),
    ]


def test_a_request_brings_its_own_key(capsysbinary: Capture, folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "agg-c.csr"
    asked.write_bytes(request(key("agg-c"), Subject(name="somebody else")).public_bytes(Encoding.PEM))
    assert pki(capsysbinary, "issue", folder, "agg-c", "--request", asked)[0] == 0
    der = x509.load_pem_x509_certificate((folder / "agg-c.pem").read_bytes()).public_bytes(Encoding.DER)
    told = identity(der, Verifier.EMBEDDED)
    assert (told.spki_sha256, told.subject) == (pin("agg-c"), "CN=agg-c")
    assert not (folder / "agg-c.key").exists()


def test_keys_are_for_their_owner_alone(capsysbinary: Capture, folder: Path) -> None:
    pki(capsysbinary, "issue", folder, "agg-c")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert {name for name, mode in modes.items() if mode == 0o600} == {"root.key", "issuing.key", "agg-c.key"}
    assert set(modes.values()) == {0o600, 0o644}


@pytest.mark.parametrize(("days", "soon"), [("31", "30"), ("30", "30"), ("30", "29")])
def test_what_runs_out_is_told(capsysbinary: Capture, folder: Path, days: str, soon: str) -> None:
    at = ("--now", "2027-01-14T08:00:00Z")
    pki(capsysbinary, "issue", folder, "agg-c", "--days", days, *at)
    status, (entry,) = pki(capsysbinary, "list", folder, "--soon", soon, *at)
    near = int(days) <= int(soon)
    assert (status, entry["state"]) == ((1, "runs out in 30 days") if near else (0, "holds"))
    later = pki(capsysbinary, "list", folder, "--now", "2028-01-14T08:00:00Z")
    assert (later[0], later[1][0]["state"]) == (1, "has run out")


def test_lists_are_numbered(capsysbinary: Capture, folder: Path) -> None:
    for _ in range(2):
        assert pki(capsysbinary, "crl", folder, "--hours", "12") == (0, [])
    told = x509.load_pem_x509_crl((folder / "lists.pem").read_bytes())
    assert told.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 3


WRONG: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no name": (("issue",), 2, "NAME"),
    "a path for a name": (("issue", "../agg-c"), 2, "NAME"),
    "the name of the authority": (("issue", "root"), 2, "NAME"),
    "nobody to renew": (("renew", "agg-c"), 2, "one whose certificate holds"),
    "nobody to revoke": (("revoke", "agg-c"), 2, "one whose certificate holds"),
    "longer than the authority": (
        ("issue", "agg-c", "--days", "3650", "--now", "2040-01-01T00:00:00Z"),
        2,
        "authority",
    ),
    "a second beginning": (("init", "event"), 3, "an empty folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_told(capsysbinary: Capture, folder: Path, case: str) -> None:
    (action, *name), status, words = WRONG[case]
    before = {file.name for file in folder.iterdir()}
    ended = gateway(capsysbinary, "pki", action, folder, *name)
    assert ended.status == status
    assert words in ended.err
    assert {file.name for file in folder.iterdir()} == before


@pytest.mark.parametrize("action", ["issue", "renew", "revoke", "crl", "list"])
def test_a_folder_that_is_no_authority_is_left_alone(capsysbinary: Capture, tmp_path: Path, action: str) -> None:
    ended = gateway(capsysbinary, "pki", action, tmp_path, "agg-c")
    assert ended.status == 3
    assert "gateway pki init" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_request_without_proof_is_refused(capsysbinary: Capture, folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "agg-c.csr"
    asked.write_text("no request")
    ended = gateway(capsysbinary, "pki", "issue", folder, "agg-c", "--request", asked)
    assert ended.status == 2
    assert not (folder / "agg-c.pem").exists()
