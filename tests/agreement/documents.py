"""Random documents that a published schema accepts, made from the schema alone."""

import random
import string
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from lxml import etree

from tests.agreement.schema import Branch, Child, Leaf, Schema, Values, fits

# Blanks, what XML escapes, letters of several scripts and one beyond the 16-bit plane: each is one character.
ALPHABET = string.ascii_letters + string.digits + "-_./,:;()  &<>\"'æøåÄß€漢\U0001d11e"
ENOUGH = 150
"""Elements after which a document gets only what it must have."""

_FIRST = datetime(2024, 1, 1, tzinfo=UTC)


Maker = Callable[[Values, random.Random], str]
"""Makes a text of a simple type."""


def random_document(schema: Schema, rng: random.Random) -> etree._Element:
    """Return a document that the *schema* accepts.

    Sparse and full documents take turns; a local code stands only where the schema is that of a market.
    """
    return DocumentMaker(schema, rng, rng.choice([0.1, 0.4, 0.9])).make()


class DocumentMaker:
    """Makes one document.

    ``share`` is that of the optional elements which it gets, ``repeats`` how often one stands that may stand often.
    """

    def __init__(
        self, schema: Schema, rng: random.Random, share: float, repeats: Sequence[int] = (1, 1, 1, 2, 3)
    ) -> None:
        self.schema, self.rng, self.share, self.repeats = schema, rng, share, repeats
        self.elements = 0

    def make(self) -> etree._Element:
        root = etree.Element(f"{{{self.schema.namespace}}}{self.schema.root}", nsmap=self._prefixes())
        self._fill(root, self.schema.branch)
        return root

    def _prefixes(self) -> dict[str | None, str]:
        return {self.rng.choice([None, None, "b"]): self.schema.namespace}

    def _fill(self, parent: etree._Element, branch: Branch) -> None:
        for child in branch.children:
            for _ in range(self._times(child.least, child.most)):
                self.add(parent, child)

    def add(self, parent: etree._Element, child: Child) -> etree._Element:
        """Append one *child* to its parent and return it."""
        self.elements += 1
        element = etree.SubElement(parent, f"{{{self.schema.namespace}}}{child.name}")
        if isinstance(child.content, Branch):
            self._fill(element, child.content)
        else:
            self._write(element, child.content)
        return element

    def _times(self, least: int, most: int | None) -> int:
        if self.elements > ENOUGH or self.rng.random() >= self.share:
            return least
        wanted = max(least, self.rng.choice(self.repeats))
        return wanted if most is None else min(wanted, most)

    def _write(self, element: etree._Element, leaf: Leaf) -> None:
        make = LOOSE.get(etree.QName(element).localname) if leaf.values == Values("string") else None
        element.text = make(leaf.values, self.rng) if make else accepted_text(leaf.values, self.rng)
        for name, values in leaf.attributes.items():
            if name in leaf.optional and self.rng.random() >= self.share:
                continue
            element.set(name, accepted_text(values, self.rng))


def accepted_text(values: Values, rng: random.Random) -> str:
    """Return a text that is a value of this type."""
    if values.words:
        return rng.choice(_plain_words(values))
    makers: list[Maker] = _PATTERNED if values.patterns else [_MAKERS[values.built_in]]
    return next(text for text in _tries(makers, values, rng) if fits(values, text))


def _plain_words(values: Values) -> list[str]:
    """Leave out the placeholder of the plain local lists, and that of the roles of EDDIE 0.82: they are no codes."""
    return [word for word in values.words if word.strip() != "Axx" and (word not in values.local or word != "A01")]


def _tries(makers: list[Maker], values: Values, rng: random.Random) -> Iterator[str]:
    for _ in range(1000):
        for make in rng.sample(makers, len(makers)):
            yield make(values, rng)


def _string(values: Values, rng: random.Random) -> str:
    longest = 80 if values.longest is None else values.longest
    length = rng.choice([longest, longest - 1, 0, 1, rng.randrange(min(longest, 40) + 1)])
    return "".join(rng.choices(ALPHABET, k=length))


def _decimal(values: Values, rng: random.Random) -> str:
    digits = rng.randint(1, values.digits or 20)
    whole = rng.randint(0, digits)
    text = "".join(rng.choices(string.digits, k=digits))
    form = rng.choice(["{0}.{1}", "{0}.{1}", "{0}", "-{0}.{1}", "+{0}.{1}"])
    made = form.format(text[:whole], text[whole:])
    return made if any(character.isdigit() for character in made) else "0"


def _integer(values: Values, rng: random.Random) -> str:
    least = -(10**6) if values.least is None else values.least
    greatest = 10**6 if values.greatest is None else values.greatest
    return str(rng.choice([least, greatest, rng.randint(least, greatest), rng.randint(max(least, 1), 100)]))


def _duration(_: Values, rng: random.Random) -> str:
    return rng.choice(["PT15M", "PT60M", "PT1H", "P1D", "P1M", "P1Y", "PT4S", "P0Y0M0DT0H15M0.000S", "-PT5M"])


def _instant(rng: random.Random) -> datetime:
    return _FIRST + timedelta(minutes=rng.randrange(4 * 366 * 24 * 60))


def _date_time(_: Values, rng: random.Random) -> str:
    return _instant(rng).strftime("%Y-%m-%dT%H:%M:%S") + rng.choice(["Z", "+02:00", "-11:30", ".5Z", ".125+00:00"])


def _date(_: Values, rng: random.Random) -> str:
    return _instant(rng).strftime("%Y-%m-%d") + rng.choice(["", "", "Z", "+01:00"])


def _time(_: Values, rng: random.Random) -> str:
    return _instant(rng).strftime("%H:%M:%S") + rng.choice(["", "", "Z", "+01:00", ".5"])


def _second(_: Values, rng: random.Random) -> str:
    return (_instant(rng) + timedelta(seconds=rng.randrange(60))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minute(_: Values, rng: random.Random) -> str:
    return _instant(rng).strftime("%Y-%m-%dT%H:%MZ")


def _revision(_: Values, rng: random.Random) -> str:
    return str(rng.choice([1, 2, 9, 10, 99, 100, 999, rng.randint(1, 999)]))


def _unsigned(_: Values, rng: random.Random) -> str:
    return rng.choice(["0", "7.25", "100", ".5", "5."])


_MAKERS: dict[str, Maker] = {
    "string": _string,
    "decimal": _decimal,
    "integer": _integer,
    "duration": _duration,
    "dateTime": _date_time,
    "date": _date,
    "time": _time,
}
_PATTERNED: list[Maker] = [_second, _minute, _unsigned, _revision]
LOOSE: dict[str, Maker] = {
    "createdDateTime": _second,
    "start": _minute,
    "end": _minute,
    "resolution": _duration,
    "version": _revision,
    "revisionNumber": _revision,
    "position": _revision,
}
"""What stands in elements that a schema leaves as any text, though the reader takes one form of it."""
