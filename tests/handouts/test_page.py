import re
from html.parser import HTMLParser

from cnnlib.handouts.notes import figure
from cnnlib.handouts.page import Figure, to_html
from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui.talks.shelf import shipped

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.handlers = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_the_lecture_is_one_page_that_asks_nobody_for_anything():
    lecture = shipped()["lecture"]
    figures = [figure(beat) for beat in lecture.beats]
    text = to_html(lecture, figures, "https://classroom.example/")
    seen = Seen(text)
    assert seen.tags.count("section") == seen.tags.count("svg") == len(lecture.beats)
    own = [link for link in seen.links if not link.startswith("data:image/png;base64,")]
    assert own == [f"https://classroom.example/{beat.link}" for beat in lecture.beats]
    assert not {"script", "link", "iframe", "object", "foreignobject"} & set(seen.tags)
    assert not seen.handlers
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text
    assert len(text) < 3_000_000


def test_hostile_texts_stay_texts():
    states = [
        ("pooling", {"map": HOSTILE}),
        ("kernels", {"kernel": HOSTILE}),
        ("train", {"recorded": HOSTILE}),
        ("train", {"net": HOSTILE}),
        ("draw", {"unit": HOSTILE, "recorded": HOSTILE}),
        ("receptive_fields", {"layers": HOSTILE}),
    ]
    beats = [Beat(lesson, state, HOSTILE, HOSTILE) for lesson, state in states]
    text = to_html(Talk(HOSTILE, tuple(beats)), [figure(beat) for beat in beats], "http://host")
    seen = Seen(text)
    assert not {"script", "img"} & set(seen.tags)
    assert not seen.handlers
    assert text.count("&lt;script&gt;") >= 2 * len(beats)


def test_notes_can_be_kept_back():
    talk = Talk("t", (Beat("draw", line="said", notes="secret"),))
    assert "secret" in to_html(talk, [Figure()], "http://host")
    assert "secret" not in to_html(talk, [Figure()], "http://host", notes=False)
