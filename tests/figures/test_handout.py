from html.parser import HTMLParser

from cnnlib.figures.handout import to_html
from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui.beat_figures import figure
from cnnlib.ui.talk_shelf import shipped

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]


def test_the_lecture_is_given_away_with_its_figures_and_links():
    lecture = shipped()["lecture"]
    figures = [figure(beat) for beat in lecture.beats]
    drawn = {b.lesson for b, f in zip(lecture.beats, figures, strict=True) if f}
    assert drawn == {
        "convolution_1d",
        "convolution_2d",
        "pooling",
        "conv_layer",
        "receptive_fields",
    }
    assert all(
        f for b, f in zip(lecture.beats, figures, strict=True) if b.lesson == "convolution_1d"
    )
    text = to_html(lecture, figures, "https://classroom.example/")
    seen = Seen(text)
    assert seen.tags.count("section") == len(lecture.beats)
    assert seen.tags.count("svg") == sum(map(bool, figures))
    assert seen.links == [f"https://classroom.example/{beat.link}" for beat in lecture.beats]
    assert not {"script", "img", "link", "iframe"} & set(seen.tags)
    assert len(text) < 2_000_000


def test_hostile_texts_stay_texts():
    beat = Beat("pooling", {"map": HOSTILE}, HOSTILE, HOSTILE)
    text = to_html(Talk(HOSTILE, (beat,)), [figure(beat)], "http://host")
    assert not {"script", "img"} & set(Seen(text).tags)
    assert text.count("&lt;script&gt;") >= 3


def test_notes_can_be_kept_back():
    talk = Talk("t", (Beat("draw", line="said", notes="secret"),))
    assert "secret" in to_html(talk, [None], "http://host")
    assert "secret" not in to_html(talk, [None], "http://host", notes=False)


def test_a_state_that_cannot_be_shown_has_no_figure():
    for lesson, state in (
        ("convolution_1d", {"a": "x"}),
        ("convolution_1d", {"pad": "none"}),
        ("convolution_2d", {"S": "much"}),
        ("conv_layer", {"v_width": "-1"}),
        ("receptive_fields", {"layers": "no"}),
        ("receptive_fields", {"fields_view": "connections"}),
        ("pooling", {"pool_view": "drawing"}),
        ("kernels", {}),
        ("gone", {}),
    ):
        assert figure(Beat(lesson, state)) is None


def test_a_figure_shows_the_states_own_step():
    first, last = (figure(Beat("convolution_1d", {"step": at})) for at in ("0", "4"))
    assert first != last
    assert (
        "cross-correlation" in figure(Beat("convolution_1d", {"op": "cross-correlation"})).lower()
    )
