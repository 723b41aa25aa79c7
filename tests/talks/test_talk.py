import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.talks.talk import LONGEST, MOST_BEATS, Beat, Talk, TalkError, read_link


def test_a_beats_link_is_its_lessons_link():
    beat = Beat("convolution_1d", {"a": "2,-1,1", "map": "1;2 &"})
    assert beat.link == "convolution_1d?a=2,-1,1&map=1;2%20%26"
    assert Beat("pooling").link == "pooling"


names = st.text("abcdefg_xyzPSD", min_size=1, max_size=8)
values = st.text(st.characters(codec="utf-8"), max_size=30)


@given(st.dictionaries(names, values, max_size=6))
def test_a_link_gives_the_state_back(state):
    beat = Beat("kernels", state)
    assert read_link(beat.link) == ("kernels", state)
    assert read_link(f"http://classroom.example:8501/base/{beat.link}") == ("kernels", state)


def test_a_copied_address_leaves_the_talk_it_was_copied_from():
    text = "http://host/pooling?present=1&talk=lecture&beat=3&pool=L2"
    assert read_link(text) == ("pooling", {"pool": "L2"})


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("lesson", {"lesson": ""}),
        ("lesson", {"lesson": "../app"}),
        ("lesson", {"lesson": "javascript:alert(1)"}),
        ("lesson", {"state": {"beat": "2"}}),
        ("lesson", {"state": {"embed": "true"}}),
        ("line", {"line": "two\nlines"}),
        ("line", {"line": "x" * (LONGEST["line"] + 1)}),
        ("shows", {"shows": "\x00"}),
        ("notes", {"notes": "x" * (LONGEST["notes"] + 1)}),
        ("notes", {"notes": "a bell \x07"}),
        ("lesson", {"state": {"drawing": "\ud800"}}),
        ("link", {"state": {"drawing": "x" * LONGEST["link"]}}),
        ("seconds", {"seconds": 0}),
        ("seconds", {"seconds": 10**6}),
    ],
)
def test_a_beat_that_cannot_be_shown_is_refused(field, parts):
    with pytest.raises(TalkError) as caught:
        Beat(**{"lesson": "pooling"} | parts)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "text",
    [
        "Pourquoi\u00a0?",
        "1\u202f000",
        "全角\u3000空白",
        "👩\u200d🏫",
        "می\u200cخواهم",
        "\u200fא",
        "so\u00adft",
        "\u2066a\u2069",
    ],
)
def test_words_of_every_script_are_taken(text):
    beat = Beat("pooling", line=text, shows=text, notes=f"{text}\n\t{text}")
    assert Talk(text, (beat,)).beats[0].line == text


@pytest.mark.parametrize("name", ["line", "shows", "notes"])
@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\r", "\ud800"]
)
def test_a_character_that_ends_lines_or_controls_is_named(name, character):
    held = "a line break" if character in "\x85\u2028\u2029\r" else f"U+{ord(character):04X}"
    with pytest.raises(TalkError, match=re.escape(f"{held}, which no text shows: take")):
        Beat("pooling", **{name: f"a{character}b"})


def test_tabs_stand_in_notes_alone():
    assert Beat("pooling", notes="a\tb").notes == "a\tb"
    with pytest.raises(TalkError, match=r"^the line holds U\+0009, which"):
        Beat("pooling", line="a\tb")


def test_a_title_has_something_to_see():
    for title in ("", " \u3000", "\u200d\u00ad"):
        with pytest.raises(TalkError, match="a talk needs a title"):
            Talk(title)


def test_a_talk_adds_its_seconds_up_and_has_a_title():
    assert Talk("x", (Beat("draw", seconds=30), Beat("draw"))).seconds == 90
    for title in ("", "  ", "a\nb", "x" * 200):
        with pytest.raises(TalkError):
            Talk(title)
    with pytest.raises(TalkError):
        Talk("x", (Beat("draw"),) * (MOST_BEATS + 1))


def test_beats_are_put_in_taken_out_and_moved():
    talk = Talk("x", tuple(Beat("draw", line=name) for name in "abc"))

    def order(talk):
        return "".join(beat.line for beat in talk.beats)

    assert order(talk.inserted(1, Beat("draw", line="n"))) == "anbc"
    assert order(talk.removed(0)) == "bc"
    assert [order(talk.moved(0, to)) for to in (-1, 0, 1, 2, 3)] == [
        "abc",
        "abc",
        "bac",
        "bca",
        "abc",
    ]
    assert order(talk.changed(2, Beat("draw", line="z"))) == "abz"
