"""Write the documents of the examples anew, byte for byte the same each time.

    python examples/generate.py            into the folders beside this file
    python examples/generate.py FOLDER     into another folder

The story is told in `scenario/`: its figures are written down or drawn from a seed, never from a clock or a generator
of random numbers. What is not a document (README.md, market.toml) is written by hand and left alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from scenario import envelopes, settled, three_operators, two_areas
from scenario.broken import FAULTS, NOT_XML, NOTES, broken, sound_document
from scenario.envelopes import Document

from profiles import write_message
from profiles.edition import Edition
from profiles.registry import EDITIONS

HERE = Path(__file__).resolve().parent


def main(target: Path = HERE) -> None:
    """Write all examples below *target*."""
    _write(target / "nordic_morning", nordic_morning())
    _write(target / "two_areas", _written(two_areas.documents()))
    _write(target / "two_areas_settled", _written(settled.documents()))
    _write(target / "two_areas_settled" / "late", _written(settled.late_documents()))
    for folder, documents in three_operators.folders():
        _write(target / "three_operators" / folder, _written(documents))


def nordic_morning() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of the Nordic morning: the good ones, the broken ones, a stray note."""
    documents = {document.file: document for document in (*envelopes.documents(), sound_document())}
    for document in envelopes.documents():
        yield f"{document.file}.xml", _bytes(document)
    for fault in FAULTS:
        sound = documents[fault.base]
        yield f"{fault.file}.xml", broken(sound, _bytes(sound), fault)
    yield "broken_not_xml.xml", NOT_XML
    yield "notes.txt", NOTES


def _written(documents: Iterable[Document]) -> Iterator[tuple[str, bytes]]:
    for document in documents:
        yield f"{document.file}.xml", _bytes(document)


def _bytes(document: Document) -> bytes:
    return write_message(document.envelope, _edition(document))


def _edition(document: Document) -> Edition | None:
    """Return the edition that a document asks for, None for the one written by default."""
    if document.edition is None:
        return None
    return next(edition for edition in EDITIONS if edition.namespace == document.edition)


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write *files* into *folder* and remove documents that are no longer among them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for name, content in files:
        (folder / name).write_bytes(content)
        written.add(name)
    for stale in folder.glob("*.xml"):
        if stale.name not in written:
            stale.unlink()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
