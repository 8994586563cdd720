"""GEN: rules that the reader, the acknowledgement and the journal keep; rows here so that they can be explained."""

from __future__ import annotations

from profiles.rules.engine import kept_elsewhere
from profiles.rules.shape import DOCUMENT

_SCHEMA, _DECISION, _READER = "ENTSO-E document schemas", "project decision", "the reader"

GEN_001 = kept_elsewhere(
    "GEN-001",
    DOCUMENT,
    "A94",
    by=_READER,
    statement="A document is small enough, well-formed, without DTD and external entities, in the encoding it names.",
    source="Nordic mFRR EAM guide; project decision",
)
GEN_002 = kept_elsewhere(
    "GEN-002",
    DOCUMENT,
    "A94",
    by=_READER,
    statement="The namespace is that of a known edition, compared exactly.",
    source=_SCHEMA,
)
GEN_003 = kept_elsewhere(
    "GEN-003",
    DOCUMENT,
    "A94",
    by=_READER,
    statement="The root element belongs to the namespace.",
    source=_SCHEMA,
)
GEN_004 = kept_elsewhere(
    "GEN-004",
    DOCUMENT,
    "A69",
    "999",
    by=_READER,
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
    by=_READER,
    statement="Every code is in the standard list of the release or in the market's overlay.",
    source="ENTSO-E code list",
)
GEN_021 = kept_elsewhere(
    "GEN-021",
    DOCUMENT,
    by="profiles.rules.receipts",
    statement="A document gets exactly one acknowledgement; an acknowledgement gets none.",
    source="Fingrid market guide",
)
GEN_023 = kept_elsewhere(
    "GEN-023",
    DOCUMENT,
    "999",
    by="the reader and the quirks that a peer is allowed",
    statement="There are no attributes that the schema does not know.",
    source="Fingrid market guide, where an example has one",
)
GEN_024 = kept_elsewhere(
    "GEN-024",
    DOCUMENT,
    by="the journal",
    statement="A document is logged before it is judged and is answered in time; none is lost between the two.",
    source=_DECISION,
)
