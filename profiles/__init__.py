"""Standards and the canonical model: bytes in, values out, and back.

One module holds one market document, grid format or field mapping. Parsing is pure and lives here; fetching the bytes
is thin and lives in :mod:`adapters`.

===============  ========================================================================
`parse`          bytes to a document of the edition that its namespace names
`to_canonical`   what a document means
`read`           both, with the rules of a market in between
`write`          a document to bytes
`write_message`  a canonical message to bytes
`unsaid`         what such bytes say only in part
`convert`        a document from one edition to another
===============  ========================================================================
"""

from profiles.conversion import convert
from profiles.edition import Edition
from profiles.hardening import LIMITS, Limits
from profiles.reading import Parsed, Reading, parse, read, to_canonical
from profiles.writer import write
from profiles.writing import unsaid, write_message

__all__ = [
    "LIMITS",
    "Edition",
    "Limits",
    "Parsed",
    "Reading",
    "convert",
    "parse",
    "read",
    "to_canonical",
    "unsaid",
    "write",
    "write_message",
]
