"""GEN: rules that the reader, the acknowledgement and the journal keep; rows here so that they can be explained."""

from __future__ import annotations

from profiles.rules.engine import NOBODY_YET, kept_elsewhere
from profiles.rules.shape import DOCUMENT

_SCHEMA, _DECISION = "ENTSO-E document schemas", "project decision"

GEN_001 = kept_elsewhere(
    "GEN-001",
    DOCUMENT,
    "A94",
    kept_by="profiles.hardening",
    why="It is about the bytes, before there is a document.",
    statement="A document is small enough, well-formed, without DTD and external entities, in the encoding it names.",
    source="Nordic mFRR EAM guide; project decision",
)
GEN_002 = kept_elsewhere(
    "GEN-002",
    DOCUMENT,
    "A94",
    kept_by="profiles.reading",
    why="It is about the root element, before there is a document.",
    statement="The namespace is that of a known edition, compared exactly.",
    source=_SCHEMA,
)
GEN_003 = kept_elsewhere(
    "GEN-003",
    DOCUMENT,
    "A94",
    kept_by="profiles.reading",
    why="It is about the root element, before there is a document.",
    statement="The root element belongs to the namespace.",
    source=_SCHEMA,
)
GEN_004 = kept_elsewhere(
    "GEN-004",
    DOCUMENT,
    "A69",
    "999",
    kept_by="profiles.reader",
    why="It is about the elements, before there is a document.",
    statement="Elements, attributes, forms and facets are those of the edition.",
    source=_SCHEMA,
)
GEN_005 = kept_elsewhere(
    "GEN-005",
    DOCUMENT,
    "999",
    "A61",
    "A62",
    "A78",
    "A79",
    kept_by="profiles.reader",
    why="Codes are compared as they are read, each where it stands.",
    statement="Every code is in the standard list of the release or in the market's overlay.",
    source="ENTSO-E code list",
)
GEN_021 = kept_elsewhere(
    "GEN-021",
    DOCUMENT,
    kept_by="profiles.rules.receipts",
    why="It is about the answer, not about the document.",
    statement="A document gets exactly one acknowledgement; an acknowledgement gets none.",
    source="Fingrid market guide",
)
GEN_023 = kept_elsewhere(
    "GEN-023",
    DOCUMENT,
    "999",
    kept_by="profiles.stray",
    why="It is about the attributes, before there is a document; it is told as GEN-004.",
    statement="There are no attributes that the schema does not know.",
    source="Fingrid market guide, where an example has one",
)
GEN_024 = kept_elsewhere(
    "GEN-024",
    DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about time and storage; a lasting log of what is received is not built.",
    statement="A document is logged before it is judged and is answered in time; none is lost between the two.",
    source=_DECISION,
)
