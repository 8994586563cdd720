"""What is shown of each layer, and where on the plane it lies.

A component lies in its place. A link lies where its far end is, for the near end is the gateway. Information lies with
the peers that send or get it, a function with the components that perform it, a business with the component through
which it acts. What lies nowhere, such as a step that nobody plays, is shown below the plane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gateway.sgam.model import Architecture, Kind, Layer, Place, Relates


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An entry as it is shown at one place; ``entry`` is its id, ``place`` None below the plane."""

    entry: str
    words: str
    place: Place | None


_Shown = tuple[str, str, tuple[str, ...]]
"""Id and words of an entry, and the components where it lies."""


def marks(model: Architecture, layer: Layer) -> tuple[Mark, ...]:
    """Return what is shown of a layer, in the order of its entries; the plane of links shows the gateway as well."""
    places = {component.id: component.place for component in model.components}
    return tuple(mark for shown in _SHOWN[layer](model) for mark in _spread(shown, places))


def _spread(shown: _Shown, places: Mapping[str, Place]) -> Iterator[Mark]:
    entry, words, components = shown
    for place in dict.fromkeys(places[each] for each in components) or [None]:
        yield Mark(entry=entry, words=words, place=place)


def _components(model: Architecture) -> Iterator[_Shown]:
    for each in model.components:
        yield each.id, f"{each.id}, party {each.party.value}", (each.id,)


def _links(model: Architecture) -> Iterator[_Shown]:
    for each in model.components:
        if each.kind is Kind.GATEWAY:
            yield each.id, each.id, (each.id,)
    for link in model.links:
        port = "" if link.port is None else f" port {link.port}"
        tls = "no TLS" if link.security.tls is None else f"TLS {link.security.tls}"
        yield link.id, f"{link.ends[1]}: {link.protocol}{port}, {tls}, every {link.cadence}", link.ends[1:]


def _information(model: Architecture) -> Iterator[_Shown]:
    far = {link.id: link.ends[1] for link in model.links}
    for each in model.information:
        ends = tuple(far[link] for link in model.related(each.id, Relates.TRAVELS_ON))
        types = f" ({', '.join(each.types)})" if each.types else ""
        document = each.document.removesuffix("_MarketDocument")
        yield each.id, f"{each.travel}: {each.message} as {document} {each.edition}{types}", ends


def _functions(model: Architecture) -> Iterator[_Shown]:
    for each in model.functions:
        yield each.id, f"{each.step} {each.origin.actor} {each.action}", each.origin.components


def _businesses(model: Architecture) -> Iterator[_Shown]:
    for each in model.businesses:
        ends = model.related(each.id, Relates.ACTS_THROUGH)
        yield each.id, f"{each.party.value}, {each.role}: {each.regulation}", ends


_SHOWN: Mapping[Layer, Callable[[Architecture], Iterator[_Shown]]] = {
    Layer.COMPONENT: _components,
    Layer.COMMUNICATION: _links,
    Layer.INFORMATION: _information,
    Layer.FUNCTION: _functions,
    Layer.BUSINESS: _businesses,
}
