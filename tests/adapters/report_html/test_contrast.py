"""Colours keep the contrast of WCAG 2.1 AA in both themes: 4.5 for text (1.4.3), 3 for what is no text (1.4.11)."""

import re
from importlib.resources import files

import pytest

STYLE = (files("adapters.report_html") / "templates" / "report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
    for part in STYLE.split("@media (prefers-color-scheme: dark)")[:2]
)
THEMES = {"light": LIGHT, "dark": DARK}

TEXT = [
    *[(word, ground) for word in ("text", "quiet", "link", "alarm", "warning") for ground in ("panel", "page")],
    ("good", "panel"),
    ("waiting", "panel"),
    *[("on-low", f"shade-{shade}") for shade in range(4)],
    *[("on-high", f"shade-{shade}") for shade in range(4, 7)],
]
FORMS = [
    *[(form, "panel") for form in ("edge", "accepted", "link", "alarm", "warning")],
    ("accepted", "rest"),
    ("accepted", "dense"),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT, ids=" on ".join)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = LIGHT | THEMES[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("form", "ground"), FORMS, ids=" on ".join)
def test_forms_can_be_told_apart(theme: str, form: str, ground: str) -> None:
    colours = LIGHT | THEMES[theme]
    assert contrast(colours[form], colours[ground]) >= 3


def test_both_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_shades_grow_evenly_in_one_direction() -> None:
    for colours in THEMES.values():
        levels = [luminance(colours[f"shade-{shade}"]) for shade in range(7)]
        assert levels in (sorted(levels), sorted(levels, reverse=True))
