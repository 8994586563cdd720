"""Changes to the bytes of a document: encodings, declarations, references, cuts."""

import random
import re
from collections.abc import Callable

ByteMutation = Callable[[bytes, random.Random], bytes]
"""Takes a document in UTF-8 without a declaration and returns other bytes."""

_DECLARATION = '<?xml version="1.0" encoding="{}"?>\n'
_TEXT = re.compile(rb">([^<>&]+)</")


def _text(data: bytes) -> str:
    return data.decode("utf-8")


def declare_utf_8(data: bytes, rng: random.Random) -> bytes:
    declaration = rng.choice(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<?xml version='1.0' encoding='utf-8'?>\r\n",
            '<?xml version="1.0" encoding="utf8"?>',
            '<?xml version="1.0"?>',
            '<?xml version="1.0" standalone="yes"?>',
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
            '<?xml version="1.1" encoding="UTF-8"?>',
            '<?xml version="2.0"?>',
            '<?xml encoding="UTF-8"?>',
            "\ufeff",
            '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
            "\ufeff\ufeff",
            ' <?xml version="1.0"?>',
            "\n",
            "<!-- first --><?pi x?>\n",
            '<?xml-stylesheet href="x.xsl"?>',
            "x",
        ]
    )
    return declaration.encode("utf-8") + data


def encode_otherwise(data: bytes, rng: random.Random) -> bytes:
    """Write in another encoding, with what it lacks as character references, and say so."""
    encoding = rng.choice(["iso-8859-1", "ISO-8859-1", "us-ascii", "windows-1252", "ISO-8859-15", "utf-16", "utf-32"])
    return (_DECLARATION.format(encoding) + _text(data)).encode(encoding, "xmlcharrefreplace")


def encode_and_say_another(data: bytes, rng: random.Random) -> bytes:
    said, used = rng.choice(
        [
            ("utf-8", "iso-8859-1"),
            ("iso-8859-1", "utf-8"),
            ("us-ascii", "utf-8"),
            ("utf-16", "utf-8"),
            ("utf-8", "utf-16"),
            ("no-such", "utf-8"),
            ("UTF-7", "utf-7"),
            ("utf-16", "utf-16-le"),
            ("EBCDIC-CP-US", "cp037"),
            ("idna", "utf-8"),
            ("", "utf-8"),
        ]
    )
    return (_DECLARATION.format(said) + _text(data)).encode(used, "xmlcharrefreplace")


def refer_to_characters(data: bytes, rng: random.Random) -> bytes:
    """Write one text as character references; a few of them do not exist."""
    texts = list(_TEXT.finditer(data))
    if not texts:
        return data
    found = rng.choice(texts)
    form = rng.choice(["&#{};", "&#x{:x};", "&#0{};"])
    made = "".join(form.format(ord(character)) for character in found[1].decode("utf-8"))
    extra = rng.choice(
        ["", "", "", "", "&#32;", "&#10;", "&#0;", "&#x1F;", "&#xD800;", "&#xFFFF;", "&amp;", "&x;", "&"]
    )
    return data[: found.start(1)] + (made + extra).encode() + data[found.end(1) :]


def declare_document_type(data: bytes, rng: random.Random) -> bytes:
    declared = rng.choice(
        [
            "<!DOCTYPE x>",
            '<!DOCTYPE x [<!ENTITY a "A01">]>',
            '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
            '<!DOCTYPE x [<!ATTLIST x y CDATA "z">]>',
            "<!-- note --><!DOCTYPE\nx>",
            "<!doctype x>",
        ]
    )
    body = data.replace(b">A", b">&a;A", 1) if rng.random() < 0.3 else data
    return declared.encode() + body


def end_otherwise(data: bytes, rng: random.Random) -> bytes:
    after = ["\n", " \r\n\t", "<!-- last -->", "<?pi?>", "x", "\0", "<a/>", "\u00a0", "&#32;", "<![CDATA[ ]]>", "</x>"]
    return data + rng.choice(after).encode("utf-8")


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def flip_a_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def end_lines_otherwise(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b"\n", rng.choice([b"\r\n", b"\r"])).replace(b"><", b">\r\n<", 5)


def quote_otherwise(data: bytes, _: random.Random) -> bytes:
    return re.sub(rb'codingScheme="([^"\']*)"', rb"codingScheme\n=\t'\1'", data)


def double_an_attribute(data: bytes, rng: random.Random) -> bytes:
    return data.replace(b' codingScheme="', b' codingScheme="A01" codingScheme="', rng.choice([1, 2]))


def bind_prefixes(data: bytes, rng: random.Random) -> bytes:
    """Declare namespaces that nobody uses, and now and then the one in use away."""
    extra = rng.choice(
        [
            b' xmlns:v="urn:vendor"',
            b' xmlns:v="urn:vendor" v:x="1"',
            b' xmlns:v=""',
            b' xmlns=""',
            b' xmlns:xml="urn:x"',
        ]
    )
    return re.sub(rb"(<[\w.:-]+)", lambda found: found[1] + extra, data, count=1)


BYTE_MUTATIONS: tuple[ByteMutation, ...] = (
    declare_utf_8,
    encode_otherwise,
    encode_and_say_another,
    refer_to_characters,
    declare_document_type,
    end_otherwise,
    cut,
    flip_a_byte,
    end_lines_otherwise,
    quote_otherwise,
    double_an_attribute,
    bind_prefixes,
)
