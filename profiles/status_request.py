"""StatusRequest_MarketDocument (IEC 62325-451-5): a party asks for a document or for its state (A59, A60).

The attributes say what is asked for, such as ``DocumentType`` and ``RequestedParty``; the answer is the document, an
acknowledgement or a problem statement. Edition 4.1 is declared in full.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.inquiries import InquiryCondition, StatusInquiry
from gateway.report import Report
from profiles.canonical import ROLES, coded, each, envelope
from profiles.edition import Edition
from profiles.lexical import ATTRIBUTE_VALUE, IDENTIFIER, PARTY, SECOND, SHORT_IDENTIFIER, STRING, Coded, code
from profiles.wire import element, many, one


@element
class AttributeInstanceComponent:
    """One condition that the wanted document meets; the value may be an identifier with its scheme."""

    attribute: str = one("attribute", STRING)
    value: Coded = one("attributeValue", ATTRIBUTE_VALUE)


@element
class StatusRequestMarketDocument:
    """The document: header and conditions."""

    id: str = one("mRID", IDENTIFIER)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    attributes: tuple[AttributeInstanceComponent, ...] = many(
        "AttributeInstanceComponent", AttributeInstanceComponent, least=1
    )


_ROOT = "StatusRequest_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-5:statusrequestdocument:4:"

EDITIONS = (
    Edition(document=StatusRequestMarketDocument, name="4.1", root=_ROOT, namespace=_NAMESPACE + "1"),
    Edition(
        document=StatusRequestMarketDocument,
        name="4.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (StatusInquiry,)
"""What the document carries."""


def to_canonical(document: StatusRequestMarketDocument) -> tuple[Envelope[StatusInquiry], Report]:
    """Return what is asked for. Raises `Unmappable`."""
    message = StatusInquiry(conditions=each("AttributeInstanceComponent", document.attributes, _condition))
    return envelope(document, message), Report()


def from_canonical(letter: Envelope[StatusInquiry]) -> StatusRequestMarketDocument:
    """Return the document that asks what *letter* asks. Raises `Unwritable`."""
    return StatusRequestMarketDocument(
        id=letter.id,
        type=letter.document_type or "A59",
        sender=coded(letter.sender.id),
        sender_role=ROLES.code(letter.sender.role),
        receiver=coded(letter.receiver.id),
        receiver_role=ROLES.code(letter.receiver.role),
        created=letter.created,
        attributes=tuple(map(_component, letter.message.conditions)),
    )


def _condition(component: AttributeInstanceComponent) -> InquiryCondition:
    value = component.value
    return InquiryCondition(attribute=component.attribute, value=value.value, scheme=value.scheme or None)


def _component(condition: InquiryCondition) -> AttributeInstanceComponent:
    return AttributeInstanceComponent(
        attribute=condition.attribute, value=Coded(condition.value, condition.scheme or "")
    )
