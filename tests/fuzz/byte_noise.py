"""Random damage to the bytes of a document; some of it knows what a tag is."""

import random
import re
from collections.abc import Callable, Sequence

Damage = Callable[[bytes, random.Random], bytes]

_GREATEST = 300_000
"""Bytes that one repetition may add; documents beyond are tried one by one elsewhere."""

_TAG = re.compile(rb"</?[\w.:-]+[^<>]*>")
_TEXT = re.compile(rb">([^<>]+)<")
_START = re.compile(rb"<[\w.:-]+")


def _words(text: str) -> list[bytes]:
    return text.encode().split()


_TOKENS = [
    *_words(
        "< > & &amp; &#0; &#x110000; &lt; ]]> <!-- --> <![CDATA[ <? ?> <!DOCTYPE </ /> = ' \" xmlns='' xml:space &a; %a;"
    ),
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    b' xmlns:a="b"',
]
TEXTS = [
    *_words("""
        0 -1 1E9 NaN 999999 1000000 99999999999999999999999999 0.00000000000000000000000000001
        PT1S PT0.001S PT0.0000001S PT0S P1D P1M P1Y P9999999999Y PT99999999999999999999S -PT1H P0D PT23H59M
        0001-01-01T00:00Z 9999-12-31T23:59Z 2026-03-29T01:00Z 2026-10-25T01:00Z 0001-01-01T00:00:00Z 9999-12-31T23:59:59Z
        A01 A02 A03 A04 A05 A06 A07 A37 A47 B21 B74 B75 B90 A65 A66 A55 A68 A95 C40 Z01 XXX MAW
        10YNO-2--------T 10YNO-1--------2 bid-1 # #1 bid-1#1
    """),
    b"",
    b" ",
    b"x" * 61,
    "\u202e\U0001f600".encode(),
]
"""Texts that are right somewhere, and such as lie at the end of what can be counted."""


def flip_bits(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def delete(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice([1, 2, 5, 20, 100, 1000]) :]


def insert_noise(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice([1, 2, 4, 16])) + data[at:]


def insert_token(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_TOKENS) + data[at:]


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def repeat(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    end = start + rng.choice([1, 10, 100, 1000])
    return data[:end] + data[start:end] * rng.choice([1, 2, 20]) + data[end:]


def _swap(data: bytes, first: re.Match[bytes], second: re.Match[bytes]) -> bytes:
    first, second = sorted((first, second), key=re.Match.start)
    middle = data[first.end() : second.start()]
    return data[: first.start()] + second[0] + middle + first[0] + data[second.end() :]


def swap_tags(data: bytes, rng: random.Random) -> bytes:
    tags = list(_TAG.finditer(data))
    return data if len(tags) < 2 else _swap(data, *rng.sample(tags, 2))


def drop_tag(data: bytes, rng: random.Random) -> bytes:
    tags = list(_TAG.finditer(data))
    if not tags:
        return data
    tag = rng.choice(tags)
    return data[: tag.start()] + data[tag.end() :]


def replace_tag(data: bytes, rng: random.Random) -> bytes:
    tags = list(_TAG.finditer(data))
    if not tags:
        return data
    old, new = rng.choice(tags), rng.choice(tags)
    return data[: old.start()] + new[0] + data[old.end() :]


_LOOKS = re.compile(
    rb"([ABCZ][0-9]{2})|(-?[0-9.]+)|(-?P[0-9TYMDHS.]+)|([0-9]{4}-.{5}T..:..Z)|([0-9]{4}-.{5}T..:..:..Z)|.*", re.DOTALL
)


def _look(text: bytes) -> int | None:
    """Tell codes, numbers, durations, minutes, seconds and all the rest apart."""
    match = _LOOKS.fullmatch(text)
    return match.lastindex if match else None


def change_text(data: bytes, rng: random.Random) -> bytes:
    texts = list(_TEXT.finditer(data))
    if not texts:
        return data
    old = rng.choice(texts)
    others = [text[1] for text in rng.sample(texts, min(20, len(texts)))]
    alike = [text for text in TEXTS + others if _look(text) == _look(old[1])]
    new = rng.choice(alike if alike and rng.random() < 0.9 else TEXTS)
    return data[: old.start(1)] + new + data[old.end(1) :]


def change_digit(data: bytes, rng: random.Random) -> bytes:
    digits = list(re.finditer(rb"[0-9]", data))
    if not digits:
        return data
    old = rng.choice(digits)
    return data[: old.start()] + rng.choice([b"0", b"1", b"9", b"", b"99", b"-", b"."]) + data[old.end() :]


def repeat_element(data: bytes, rng: random.Random) -> bytes:
    """Repeat a simple element or a whole one, up to a thousand times."""
    found = list(re.finditer(rb"<([\w.:-]+)[^<>]*>[^<>]*</\1>", data))
    whole = list(re.finditer(rb"<(Period|Point|Reason|\w*TimeSeries)>.*?</\1>", data, re.DOTALL))
    if not found and not whole:
        return data
    element = rng.choice(rng.choice([group for group in (found, whole) if group]))
    times = min(rng.choice([1, 2, 30, 1000]), _GREATEST // len(element[0]))
    return data[: element.end()] + element[0] * times + data[element.end() :]


def declare_entities(data: bytes, rng: random.Random) -> bytes:
    declared = rng.choice(
        [
            b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
            b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///dev/zero">]>',
            b'<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;]>',
            b"<!DOCTYPE a [<!ELEMENT a ANY>]>",
            b'<!DOCTYPE a PUBLIC "a" "b">',
        ]
    )
    body = re.sub(rb">[^<>]*<", rng.choice([b">&a;<", b">&c;<"]), data, count=rng.choice([0, 1]))
    start = _START.search(body)
    at = start.start() if start else 0
    return body[:at] + declared + body[at:]


def nest(data: bytes, rng: random.Random) -> bytes:
    depth = rng.choice([10, 200, 255, 256, 257, 3000])
    name = rng.choice([b"a", b"Period", b"Reason"])
    texts = list(_TEXT.finditer(data))
    at = rng.choice(texts).start(1) if texts else 0
    return data[:at] + b"<" + (b"><".join([name] * depth)) + b">" + (b"</" + name + b">") * depth + data[at:]


def add_attributes(data: bytes, rng: random.Random) -> bytes:
    count = rng.choice([1, 10, 2000])
    form = rng.choice([' a{}="1"', ' xmlns:a{}="urn:{}"', ' codingScheme="A01"', ' xml:lang{}="x"'])
    starts = list(_START.finditer(data))
    if not starts:
        return data
    at = rng.choice(starts).end()
    return data[:at] + "".join(form.format(n, n) for n in range(count)).encode() + data[at:]


def lengthen_text(data: bytes, rng: random.Random) -> bytes:
    texts = list(_TEXT.finditer(data))
    if not texts:
        return data
    at = rng.choice(texts).start(1)
    return (
        data[:at] + rng.choice([b"x", b" ", b"1", b"&#10;", "é".encode()]) * rng.choice([70, 600, 20_000]) + data[at:]
    )


def change_declaration(data: bytes, rng: random.Random) -> bytes:
    encodings = [
        "UTF-8",
        "utf-16",
        "ISO-8859-1",
        "US-ASCII",
        "UTF-32",
        "no",
        "x" * 300,
        "utf-8\x00",
        "Shift_JIS",
        "UCS-4",
    ]
    declared = f'<?xml version="1.0" encoding="{rng.choice(encodings)}"?>'.encode()
    return declared + data[data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0 :]


def drop_element(data: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(rb"<([\w.:-]+)[^<>]*>[^<>]*</\1>", data))
    if not found:
        return data
    element = rng.choice(found)
    return data[: element.start()] + data[element.end() :]


GENTLE: tuple[Damage, ...] = (*[change_text] * 8, *[change_digit] * 3, repeat_element, drop_element)
"""What mostly leaves a readable document, so that rules and mappings see it."""

ROUGH: tuple[Damage, ...] = (
    flip_bits,
    delete,
    insert_noise,
    insert_token,
    truncate,
    repeat,
    swap_tags,
    drop_tag,
    replace_tag,
    declare_entities,
    nest,
    add_attributes,
    lengthen_text,
    change_declaration,
)


def damaged(corpus: Sequence[bytes], rng: random.Random) -> bytes:
    """Return one of the documents, or two of them spliced, with one to four damages."""
    data = rng.choice(corpus)
    if rng.random() < 0.6:
        return _apply(data, rng.choices(GENTLE, k=rng.choice([1, 2, 3, 4])), rng)
    if rng.random() < 0.2:
        other = rng.choice(corpus)
        data = data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]
    return _apply(data, rng.choices(ROUGH + GENTLE, k=rng.choice([1, 1, 2, 3])), rng)


def _apply(data: bytes, damages: Sequence[Damage], rng: random.Random) -> bytes:
    for damage in damages:
        data = damage(data, rng) or b"<"
    return data
