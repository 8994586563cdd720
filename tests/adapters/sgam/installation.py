"""An installation to export: a market operator with an aggregator, a transmission and a distribution operator as peers."""

from functools import cache

from adapters.market_file import MarketSettings, read_market
from adapters.sgam.drawing_up import Installation
from gateway.schemes import named
from gateway.sgam.model import Architecture
from security.peers import read_book
from tests.security.books import AGGREGATOR, HEAD, NEIGHBOUR, OPERATOR, OURS, pin

ENDPOINT = "10V000000000011Q"

MARKET = f"""\
[operator]
id = "{OURS}"

[market]
resolution = "PT15M"
"""


def listed(values: list[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def peer(name: str, eic: str, role: str, brings: list[str], gets: list[str]) -> str:
    """Return a peer that may bring and get documents of some types, in every process, scheme and area."""
    lines = [
        f'\n[[peer]]\nid = "{name}"\neic = "{eic}"\nroles = ["{role}"]\ntransports = ["https"]',
        f'  [[peer.cert]]\n  use = "tls"\n  spki_sha256 = "{pin(name)}"',
        "  not_before = 2026-06-01T00:00:00Z\n  not_after = 2027-06-01T00:00:00Z",
    ]
    for way, types in (("in", brings), ("out", gets)):
        lines.append(f'  [[peer.allow]]\n  id = "{name}.{way}"\n  direction = "{way}"\n  document = {listed(types)}')
        lines.append('  process = ["*"]\n  scheme = ["*"]\n  area = ["*"]')
    return "\n".join(lines) + "\n"


SELLER = peer("agg-c", AGGREGATOR, "A46", ["A37"], ["A38", "A40", "B24", "B44"])
TRANSMISSION = peer("tso-a", OPERATOR, "A49", ["A37", "A45"], ["A38", "A40", "A45"])
DISTRIBUTION = peer("dso-b", NEIGHBOUR, "A50", ["B45", "A26", "A45"], ["A38"]).replace(
    'transports = ["https"]', f'endpoints = ["{ENDPOINT}"]\ntransports = ["ecp-amqp"]'
)
BOOK = HEAD + SELLER + TRANSMISSION + DISTRIBUTION


def settings(text: str = MARKET) -> MarketSettings:
    return read_market(text)


def installation(
    book: str | None = BOOK, *, scheme: str = "centralised", market: str = MARKET, port: int = 8443
) -> Installation:
    peers = None if book is None else read_book(book.encode())
    return Installation(settings(market), named(scheme), peers, port)


@cache
def model(book: str | None = BOOK, *, scheme: str = "centralised", market: str = MARKET) -> Architecture:
    """Return the architecture of an installation."""
    return installation(book, scheme=scheme, market=market).architecture()
