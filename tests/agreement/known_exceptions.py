"""Where reader and official schema are known to disagree, each by a predicate that recognises exactly that.

``docs/reference/known-exceptions.md`` gives the reasons, under the same numbers. A predicate looks at the document and
at both verdicts; every complaint of the side that refuses must be of the kind it stands for.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from tests.agreement.dispute import Dispute, Place
from tests.agreement.documents import LOOSE
from tests.agreement.mutations import XSI
from tests.agreement.schema import Values

ENCODINGS = frozenset({"UTF-8", "ISO-8859-1", "US-ASCII"})
BLANK = " \t\n\r"
_HINTS = (f"/@{{{XSI}}}schemaLocation", f"/@{{{XSI}}}noNamespaceSchemaLocation")
_DATE_TIME = re.compile(r"(-?\d{4,})(-\d\d-\d\dT)(\d\d)(:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class KnownException:
    """One known disagreement: its number and title in the documentation, and how it is recognised."""

    number: int
    title: str
    recognises: Callable[[Dispute], bool]


KNOWN: list[KnownException] = []
"""Every known exception, in the order of their numbers."""


def known(title: str) -> Callable[[Callable[[Dispute], bool]], Callable[[Dispute], bool]]:
    """Enter a predicate into `KNOWN` under the next number."""

    def enter(predicate: Callable[[Dispute], bool]) -> Callable[[Dispute], bool]:
        KNOWN.append(KnownException(len(KNOWN) + 1, title, predicate))
        return predicate

    return enter


def recognise(dispute: Dispute) -> KnownException | None:
    """Return the exception that a disagreement is, or None: then it is a defect."""
    return next((exception for exception in KNOWN if exception.recognises(dispute)), None)


def _we_refuse(dispute: Dispute, rule: str) -> bool:
    return dispute.official.valid and dispute.ours.rules == {rule}


def _all(places: Iterable[Place | None], test: Callable[[Place], bool]) -> bool:
    found = list(places)
    return bool(found) and all(place is not None and test(place) for place in found)


# ------------------------------------------------------------------------------------ the schema accepts, we refuse
@known("A document type declaration is refused")
def _document_type(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-001") and dispute.tree.docinfo.doctype != ""


@known("Encodings other than UTF-8, ISO-8859-1 and US-ASCII under these names are refused")
def _encoding(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-001") and (dispute.tree.docinfo.encoding or "UTF-8").upper() not in ENCODINGS


@known("XML 1.1 and whatever calls itself so is refused")
def _xml_version(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-001") and dispute.tree.docinfo.xml_version != "1.0"


@known("xsi:type is refused, even where it names the declared type")
def _instance_type(dispute: Dispute) -> bool:
    paths = [complaint.path for complaint in dispute.ours.complaints]
    return _we_refuse(dispute, "GEN-004") and all(path.endswith(f"/@{{{XSI}}}type") for path in paths)


@known("A hint at a schema is refused, but for xsi:schemaLocation on the root element")
def _hint(dispute: Dispute) -> bool:
    root = f"/{dispute.oracle.schema.root}"
    paths = [complaint.path for complaint in dispute.ours.complaints]
    return _we_refuse(dispute, "GEN-004") and all(path.endswith(_HINTS) and path != root + _HINTS[0] for path in paths)


@known("The Nordic overlay leaves code lists open; we hold them to the standard values")
def _open_list(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-005") and _all(
        dispute.our_places(), lambda place: place.values.unchecked and place.text.strip(BLANK) not in place.values.words
    )


@known("The year 0000 is refused in an interval")
def _year_zero(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-004") and _all(
        dispute.our_places(),
        lambda place: place.values.built_in == "string" and bool(re.match(r"0000-\d\d-\d\dT", place.text)),
    )


@known("An xs:dateTime without offset names no instant and is refused")
def _without_offset(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-004") and _all(
        dispute.our_places(),
        lambda place: place.values.built_in == "dateTime" and (match := _read(place)) is not None and match[6] is None,
    )


@known("An instant, date or time outside the calendar and clock of the program is refused")
def _beyond_the_calendar(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-004") and _all(
        dispute.our_places(), lambda place: place.values.built_in in _BEYOND and _BEYOND[place.values.built_in](place)
    )


def _read(place: Place) -> re.Match[str] | None:
    return _DATE_TIME.fullmatch(place.text.strip(BLANK))


def _instant_is_beyond(place: Place) -> bool:
    match = _read(place)
    if match is None:
        return False
    if len(match[5] or "") > len(".123456") or match[3] == "24" or not re.fullmatch(r"(?!0000)\d{4}", match[1]):
        return True
    try:
        datetime.fromisoformat(match[0]).astimezone(UTC)
    except OverflowError:
        return True
    return False


def _date_is_beyond(place: Place) -> bool:
    match = re.match(r"(-?\d{4,})-", place.text.strip(BLANK))
    return match is not None and not re.fullmatch(r"(?!0000)\d{4}", match[1])


def _time_is_beyond(place: Place) -> bool:
    return re.search(r"\.\d{10}", place.text) is not None


_BEYOND: dict[str, Callable[[Place], bool]] = {
    "dateTime": _instant_is_beyond,
    "date": _date_is_beyond,
    "time": _time_is_beyond,
}


@known("A number or duration of more than 200 characters is refused")
def _endless_number(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-004") and _all(
        dispute.our_places(),
        lambda place: (
            place.values.built_in in {"decimal", "integer", "duration"} and len(place.text.strip(BLANK)) > 200
        ),
    )


@known("A text that libxml2 takes only as huge is refused")
def _huge(dispute: Dispute) -> bool:
    if not _we_refuse(dispute, "GEN-001"):
        return False
    try:
        etree.fromstring(dispute.data, etree.XMLParser(huge_tree=False))
    except etree.XMLSyntaxError as error:
        return "huge" in str(error).lower() or "too long" in str(error).lower()
    return False


# ------------------------------------------------------------------------------------- libxml2 is wrong or bounded
@known("libxml2 keeps blanks around instants, dates, times and durations, which are to be collapsed")
def _blanks_kept(dispute: Dispute) -> bool:
    return _only_libxml2_refuses(dispute) and _all(
        dispute.official_places(),
        lambda place: (
            place.values.built_in in {"dateTime", "date", "time", "duration"} and place.text.strip(BLANK) != place.text
        ),
    )


@known("libxml2 takes a fraction of a second without digits on one side of the point")
def _bare_fraction(dispute: Dispute) -> bool:
    return (
        _we_refuse(dispute, "GEN-004")
        and dispute.second is not None
        and not dispute.second.valid
        and _all(
            dispute.our_places(),
            lambda place: place.values.built_in == "duration" and bool(re.search(r"\.S|[A-Z]\.\d", place.text)),
        )
    )


@known("A part of a duration is too great for libxml2")
def _great_duration(dispute: Dispute) -> bool:
    return (
        dispute.ours.valid
        and (dispute.second is None or dispute.second.valid)
        and _all(
            dispute.official_places(),
            lambda place: (
                place.values.built_in == "duration"
                and any(int(number) >= 2**31 for number in re.findall(r"\d+", place.text))
            ),
        )
    )


# ------------------------------------------------------------------------------------ the schema says hardly anything
@known("A schema leaves an instant, an interval or a revision as any text; it is held to its form")
def _any_text(dispute: Dispute) -> bool:
    return _we_refuse(dispute, "GEN-004") and _all(
        dispute.our_places(), lambda place: place.values == Values("string") and place.name in LOOSE
    )


@known("A schema takes a code as a text, with no blanks around it; the reader drops them, as around every code")
def _blanks_around_code(dispute: Dispute) -> bool:
    return dispute.ours.valid and _all(
        dispute.official_places(),
        lambda place: place.values.built_in == "string" and place.text.strip(BLANK) in place.values.words,
    )


@known("A schema closes its code lists at another release; the reader knows the codes of its own")
def _other_release(dispute: Dispute) -> bool:
    return dispute.ours.valid and "eddie" in dispute.oracle.schema.namespace and _all(dispute.official_places(), _lacks)


def _lacks(place: Place) -> bool:
    return bool(place.values.words) and place.text.strip(BLANK) not in place.values.words


@known("An empty element stands for its default in one schema; the reader asks for the value")
def _default(dispute: Dispute) -> bool:
    danish = dispute.oracle.schema.namespace.startswith("urn:ediel.org:")
    return (
        danish
        and _we_refuse(dispute, "GEN-005")
        and _all(dispute.our_places(), lambda place: place.name == "type" and place.text.strip(BLANK) == "")
    )


def _only_libxml2_refuses(dispute: Dispute) -> bool:
    return dispute.ours.valid and dispute.second is not None and dispute.second.valid
