"""Handshakes of the real library: who is let in by the contexts, and what both sides are told of those who are not."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509

from gateway.errors import Malformed, Misconfigured
from security.authority import Authority, Purpose
from security.identity import Verifier, identity
from security.tls import Credentials, Oldest, Trust, client_context, server_context, shown_certificate
from tests.security.books import AGGREGATOR, key, pin
from tests.security.parties import DAY, World, pem, self_signed


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# ---- two sides in memory


@dataclass(frozen=True)
class Met:
    """What came of a handshake: both sides, and why each refused."""

    server: ssl.SSLObject
    client: ssl.SSLObject
    said: dict[str, str]


def meet(
    server: ssl.SSLContext, client: ssl.SSLContext, host: str = "localhost", session: ssl.SSLSession | None = None
) -> Met:
    """Let a client and a server shake hands; at the end each reads once, because a refusal arrives there (TLS 1.3)."""
    inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
    calling = client.wrap_bio(outward, inward, server_hostname=host, session=session)
    answering = server.wrap_bio(inward, outward, server_side=True)
    sides, said = {"client": calling, "server": answering}, dict[str, str]()
    for step in ("do_handshake", "do_handshake", "do_handshake", "read"):
        for name, side in sides.items():
            if name not in said and (trouble := attempt(getattr(side, step))):
                said[name] = trouble
    return Met(answering, calling, said)


def attempt(step: Callable[[], object]) -> str:
    """Return why a step fails; nothing where it succeeds or waits for the other side."""
    try:
        step()
    except (ssl.SSLWantReadError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return ""
    except ssl.SSLError as error:
        return str(getattr(error, "verify_message", "") or error.reason)
    return ""


def server(world: World, trust: Trust | None = None, oldest: Oldest = Oldest.TLS_1_3) -> ssl.SSLContext:
    return server_context(world.party("server", Purpose.SERVER), trust or world.trust(), oldest)


def client(world: World, own: Credentials) -> ssl.SSLContext:
    """Return the context of a party that knows the server by its certificate."""
    pinned = world.folder / "pinned.pem"
    pinned.write_bytes(pem(x509.load_pem_x509_certificate((world.folder / "server.pem").read_bytes())))
    return client_context(own, pinned)


def lax(own: Credentials | None = None) -> ssl.SSLContext:
    """Return the context of a client that asks nothing and may show nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if own is not None:
        context.load_cert_chain(own.certificate, own.key)
    return context


# ---- who is let in


def test_a_listed_party_is_let_in_and_known_by_its_key(world: World) -> None:
    answering = server(world)
    met = meet(answering, client(world, world.party("agg-c")))
    assert met.said == {}
    assert met.server.version() == "TLSv1.3"
    told = identity(shown_certificate(met.server), Verifier.EMBEDDED)
    assert (told.spki_sha256, told.eic) == (pin("agg-c"), AGGREGATOR)


Intruder = Callable[[World], Credentials | None]


def foreign(world: World) -> Credentials:
    return world.credentials("foreign party", world.certificate("foreign party", by=world.foreign))


def below_a_leaf(world: World) -> Credentials:
    """Return a certificate that another leaf has signed as if it were an authority."""
    leaf = Authority(world.certificate("leaf"), key("leaf"))
    return world.credentials("below", world.certificate("below", by=leaf), leaf.certificate, world.issuer.certificate)


INTRUDERS: dict[str, tuple[Intruder, str, str]] = {
    "no certificate": (lambda _: None, "PEER_DID_NOT_RETURN_A_CERTIFICATE", "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
    "an unknown authority": (foreign, "unable to get local issuer certificate", "TLSV1_ALERT_UNKNOWN_CA"),
    "signed by itself": (
        lambda world: world.credentials("self", self_signed("self", world).certificate),
        "self-signed certificate",
        "TLSV1_ALERT_UNKNOWN_CA",
    ),
    "signed by a leaf": (below_a_leaf, "invalid CA certificate", "TLSV1_ALERT_UNKNOWN_CA"),
    "expired": (
        lambda world: world.party("late", term=world.term(since=-3 * DAY, until=-DAY)),
        "certificate has expired",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    ),
    "not yet valid": (
        lambda world: world.party("early", term=world.term(since=DAY)),
        "certificate is not yet valid",
        "SSLV3_ALERT_BAD_CERTIFICATE",
    ),
    "a server's certificate": (
        lambda world: world.party("other server", Purpose.SERVER),
        "unsuitable certificate purpose",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    ),
    "revoked": (
        lambda world: world.party("gone", term=world.term(4711)),
        "certificate revoked",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
    ),
}


@pytest.mark.parametrize("case", INTRUDERS)
def test_everybody_else_is_refused_and_told_why(world: World, case: str) -> None:
    intruder, server_says, client_says = INTRUDERS[case]
    met = meet(server(world, world.trust(4711)), lax(intruder(world)))
    assert server_says in met.said["server"]
    assert met.said["client"] == client_says


@pytest.mark.parametrize(
    ("stale", "without_root", "says"),
    [(True, False, "CRL has expired"), (False, True, "unable to get certificate CRL")],
    ids=["stale", "missing"],
)
def test_without_a_list_of_every_authority_nobody_is_let_in(
    world: World, *, stale: bool, without_root: bool, says: str
) -> None:
    met = meet(server(world, world.trust(stale=stale, without_root=without_root)), lax(world.party("agg-c")))
    assert says in met.said["server"]


# ---- versions and resumption


def test_an_older_version_is_spoken_only_where_it_is_allowed(world: World) -> None:
    own = world.party("agg-c")
    old = lax(own)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert meet(server(world), old).said["server"] == "UNSUPPORTED_PROTOCOL"
    met = meet(server(world, oldest=Oldest.TLS_1_2), old)
    assert (met.said, met.server.version()) == ({}, "TLSv1.2")


def test_weak_suites_of_the_older_version_are_not_spoken(world: World) -> None:
    weak = lax(world.party("agg-c"))
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE-ECDSA-AES128-SHA256")
    assert meet(server(world, oldest=Oldest.TLS_1_2), weak).said["server"] == "NO_SHARED_CIPHER"


def test_no_session_is_resumed(world: World) -> None:
    answering, calling = server(world), lax(world.party("agg-c"))
    first = meet(answering, calling)
    second = meet(answering, calling, session=first.client.session)
    assert (second.said, second.server.session_reused) == ({}, False)


def test_nobody_is_known_from_a_resumed_session_of_the_older_version(world: World) -> None:
    answering, calling = server(world, oldest=Oldest.TLS_1_2), lax(world.party("agg-c"))
    calling.maximum_version = ssl.TLSVersion.TLSv1_2
    first = meet(answering, calling)
    assert identity(shown_certificate(first.server), Verifier.EMBEDDED).spki_sha256 == pin("agg-c")
    second = meet(answering, calling, session=first.client.session)
    assert (second.said, second.server.session_reused) == ({}, True)
    with pytest.raises(Malformed) as caught:
        shown_certificate(second.server)
    assert caught.value.found == "a resumed session"


def test_a_side_that_was_shown_nothing_knows_nobody(world: World) -> None:
    asking_nothing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own = world.party("server", Purpose.SERVER)
    asking_nothing.load_cert_chain(own.certificate, own.key)
    with pytest.raises(Malformed) as caught:
        shown_certificate(meet(asking_nothing, lax()).server)
    assert caught.value.found == "none"


def test_a_party_that_was_let_in_is_refused_by_the_next_context(world: World) -> None:
    own = world.party("agg-c", term=world.term(4711))
    assert meet(server(world), lax(own)).said == {}
    assert "certificate revoked" in meet(server(world, world.trust(4711)), lax(own)).said["server"]


# ---- calling others


def test_a_called_peer_is_its_certificate_and_no_other_of_the_authority(world: World) -> None:
    answering, calling = server(world), client(world, world.party("agg-c"))
    assert meet(answering, calling).said == {}
    renewed = server(world)  # the same name, authority and key: a certificate that nobody has pinned
    assert "unable to get local issuer certificate" in meet(renewed, calling).said["client"]


def test_two_pins_are_a_rotation(world: World) -> None:
    first = server(world)
    old = (world.folder / "server.pem").read_bytes()
    second = server(world)
    pinned = world.folder / "both.pem"
    leaves = [x509.load_pem_x509_certificate(data) for data in (old, (world.folder / "server.pem").read_bytes())]
    pinned.write_bytes(pem(*leaves))
    calling = client_context(world.party("agg-c"), pinned)
    assert [meet(answering, calling).said for answering in (first, second)] == [{}, {}]


def test_the_name_of_a_called_peer_is_compared(world: World) -> None:
    answering, calling = server(world), client(world, world.party("agg-c"))
    assert meet(answering, calling, "127.0.0.1").said == {}
    assert "Hostname mismatch" in meet(answering, calling, "elsewhere.example").said["client"]


# ---- what cannot be loaded


def test_files_that_cannot_be_used_are_named(world: World, tmp_path: Path) -> None:
    own, trust = world.party("server", Purpose.SERVER), world.trust()
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    wrong: list[tuple[str, Callable[[], object]]] = [
        ("tls.own", lambda: server_context(Credentials(certificate=own.certificate, key=empty), trust)),
        ("tls.own", lambda: server_context(Credentials(certificate=tmp_path / "none", key=own.key), trust)),
        ("tls.authorities", lambda: server_context(own, Trust(authorities=empty, revocation_lists=empty))),
        (
            "tls.revocation lists",
            lambda: server_context(own, Trust(authorities=trust.authorities, revocation_lists=tmp_path / "none")),
        ),
        ("tls.pinned certificates", lambda: client_context(own, empty)),
    ]
    for path, build in wrong:
        with pytest.raises(Misconfigured) as caught:
            build()
        assert caught.value.path == path


def test_a_key_that_is_not_that_of_the_certificate_is_refused(world: World) -> None:
    own, other = world.party("server", Purpose.SERVER), world.party("agg-c")
    with pytest.raises(Misconfigured):
        server_context(Credentials(certificate=own.certificate, key=other.key), world.trust())
