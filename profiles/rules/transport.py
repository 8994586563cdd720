"""TR: rules for how documents travel between peers (MADES, ECP and EDX)."""

from __future__ import annotations

from gateway.report import Level
from profiles.rules.engine import NOBODY_YET, kept_elsewhere

_NORDIC = "Nordic mFRR EAM guide"

TR_001 = kept_elsewhere(
    "TR-001",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about the address of a message; sending and receiving over a network is not built.",
    statement="A message is routed by service, message type and namespace, as the message types of the market say.",
    source=f"{_NORDIC}; Fingrid market guide",
)
TR_002 = kept_elsewhere(
    "TR-002",
    Level.DOCUMENT,
    "A79",
    kept_by=NOBODY_YET,
    why="It compares a document with the message around it; sending and receiving over a network is not built.",
    statement="The message type of the transport agrees with the document inside.",
    source="project decision",
)
TR_003 = kept_elsewhere(
    "TR-003",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about the transport, not about the document; sending and receiving over a network is not built.",
    statement="The transport proves the peer by its certificate, stores and forwards, and tells delivery by itself: "
    "that a message arrived is not its acknowledgement.",
    source=_NORDIC,
)
