"""ST: rules for requests for a document or its state, and for what may answer them (IEC 62325-451-5)."""

from __future__ import annotations

from gateway.report import Level
from profiles.rules.engine import NOBODY_YET, kept_elsewhere

ST_001 = kept_elsewhere(
    "ST-001",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about the answer to a request; sending and receiving over a network is not built.",
    statement="A request is answered with the document, or with a problem statement that says why there is none.",
    source="ENTSO-E code list",
)
ST_002 = kept_elsewhere(
    "ST-002",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about the answer to a request; sending and receiving over a network is not built.",
    statement="An acknowledgement that comes where data was asked for is an answer: there is no data.",
    source="public clients of the Transparency Platform",
)
