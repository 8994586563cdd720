"""Pictures are well-formed, escape what they are given, and say in words what they show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import fromstring

from adapters.report_html.svg import Scale, boxes, picture, round_step, rule, tag, text

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))


@given(WORDS, WORDS)
def test_no_text_can_leave_its_place(title: str, words: str) -> None:
    drawn = picture(10, 10, title, words, [text(words, 1, 2)])
    root = fromstring(drawn)
    assert [child.tag for child in root] == ["title", "desc", "text"]
    assert [child.text or "" for child in root] == [title, words, words]


def test_a_picture_is_an_image_with_a_size() -> None:
    drawn = picture(620, 300.04, "T", "D", [])
    assert drawn.startswith('<svg role="img" viewBox="0 0 620 300" width="620" height="300">')


def test_attributes_of_nothing_are_left_out() -> None:
    assert tag("rect", x=1.25, y=-0.01, class_=None, fill="#fff") == '<rect x="1.2" y="0" fill="#fff"/>'


def test_boxes_are_one_path_and_none_is_nothing() -> None:
    assert boxes([(0, 1, 2, 3), (4, 5, 6, 7)], "bid") == '<path d="M0 1H2V3H0ZM4 5H6V7H4Z" class="bid"/>'
    assert boxes([], "bid") == ""
    assert rule(0, 0, 5, 5, "axis") == '<path d="M0 0L5 5" class="axis"/>'


def test_a_scale_keeps_within_its_ends() -> None:
    scale = Scale(-50, 150, 200, 0)
    assert [scale(value) for value in (-100, -50, 50, 150, 999)] == [200, 200, 100, 0, 0]


def test_ticks_below_zero_are_round_too() -> None:
    assert [str(tick) for tick in Scale(-75, 110, 0, 1).ticks()] == ["-50", "0", "50", "100"]
    assert [str(tick) for tick in Scale(0, 0.012, 0, 1).ticks(3)] == ["0.000", "0.005", "0.010"]


@pytest.mark.parametrize("length", [0.0007, 0.3, 1.0, 2.4, 2.6, 60.0, 9_999.0, 1e7])
def test_steps_are_round_and_not_below_the_length(length: float) -> None:
    step = round_step(length)
    assert length <= float(step) <= 2.5 * length
    assert str(step).strip("0.").replace(".", "") in {"1", "2", "25", "5"}
