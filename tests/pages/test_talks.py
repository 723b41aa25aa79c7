from dataclasses import replace

import numpy as np
import pytest

from cnnlib.drawings.drawing import Drawing, Stroke
from cnnlib.talks.talk import Beat, Talk
from cnnlib.talks.text import write
from cnnlib.ui.talks import shelf
from tests.pages.components import say, shown, words


@pytest.fixture
def page(app):
    app.switch_page("pages/talks.py").run()
    assert not app.exception
    return app


@pytest.fixture
def mine(page):
    """Return the page with a copy of a short talk, which the visitor owns."""
    talk = Talk("Short", tuple(Beat("draw", line=f"beat {name}") for name in "abc"))
    owner = page.session_state["classroom.visit"].owner
    talk_id = shelf.store().create(owner, talk)
    page.session_state["classroom.visit"].talk = talk_id
    page.run()
    assert not page.exception
    return page


def test_a_beat_is_presented_as_it_is_whatever_the_tab_holds(page):
    beats = shelf.shipped()["lecture"].beats
    number = next(at for at, beat in enumerate(beats) if at and "drawing" in beat.state)
    page.session_state["classroom.visit"].drawing = Drawing((Stroke(np.array([[9, 9, 90]])),))
    page.radio(key="beat_of.lecture").set_value(number).run()
    click(page, "present.True")
    wanted = beats[number].state["drawing"]
    assert page.query_params["drawing"] == wanted
    assert page.session_state["classroom.visit"].drawing.encode() == wanted
    arrivals = page.session_state["classroom.heard"].mailbox.arrival
    page.switch_page("pages/draw.py").run()  # where the browser is now: changes made there stay
    assert page.session_state["classroom.heard"].mailbox.arrival == arrivals


def lines(at):
    talk = shelf.find(at.session_state["classroom.visit"].talk)
    return [beat.line.removeprefix("beat ") for beat in talk.beats]


def click(at, key):
    at.button(key=key).click().run()
    assert not at.exception


def test_it_opens_on_the_lecture_which_nobody_can_change(page):
    assert page.selectbox(key="open_talk").value == "lecture"
    assert len(page.radio(key="beat_of.lecture").options) == len(shelf.shipped()["lecture"].beats)
    assert "make a copy to change it" in words(page)
    assert [button.key for button in page.button if (button.key or "").endswith(".beat")] == []


def test_a_copy_of_the_lecture_is_ones_own(page):
    click(page, "copy")
    assert page.selectbox(key="open_talk").value != "lecture"
    assert len(lines(page)) == len(shelf.shipped()["lecture"].beats)
    click(page, "Delete.beat")
    assert len(lines(page)) == len(shelf.shipped()["lecture"].beats) - 1


def test_beats_are_moved_doubled_deleted_and_it_is_undone(mine):
    click(mine, "Down.beat")
    assert lines(mine) == ["b", "a", "c"]
    click(mine, "Duplicate.beat")
    assert lines(mine) == ["b", "a", "a", "c"]
    click(mine, "Up.beat")
    click(mine, "Up.beat")
    click(mine, "Up.beat")
    assert lines(mine) == ["a", "b", "a", "c"]
    click(mine, "Delete.beat")
    assert lines(mine) == ["b", "a", "c"]
    for _ in range(5):
        click(mine, "undo_talk")
    assert lines(mine) == ["a", "b", "c"]
    click(mine, "delete_talk")
    assert mine.selectbox(key="open_talk").value == "lecture"
    click(mine, "undo_talk")
    assert lines(mine) == ["a", "b", "c"]


def save(at):
    next(button for button in at.button if button.label == "Save").click().run()
    assert not at.exception


def test_a_beat_and_the_title_are_renamed(mine):
    mine.radio[0].set_value(1).run()
    mine.text_input[0].set_value("Longer")
    mine.text_input[1].set_value("beat new")
    mine.text_input[2].set_value("http://host:8501/pooling?pool=L2&talk=x&beat=2")
    mine.text_area[0].set_value("<b>one</b>\ntwo")
    mine.number_input[0].set_value(90)
    save(mine)
    talk = shelf.find(mine.session_state["classroom.visit"].talk)
    assert talk.title == "Longer"
    assert talk.beats[1] == Beat("pooling", {"pool": "L2"}, "beat new", "<b>one</b>\ntwo", 90)
    mine.text_input[2].set_value("javascript:alert(1)")
    save(mine)
    assert "no lesson's path" in words(mine)
    assert shelf.find(mine.session_state["classroom.visit"].talk) == talk


def test_a_file_is_taken_in_and_a_bad_one_refused_with_its_line(page):
    talk = replace(shelf.shipped()["lecture"], title="<script>alert(1)</script>")
    page.file_uploader(key="talk_file").set_value(("x.talk", write(talk).encode(), "text/plain"))
    page.run()
    assert not page.exception
    assert shelf.find(page.session_state["classroom.visit"].talk) == talk
    for data, told in (
        (b"CNN Classroom talk 9\n", "Line 1: this talk has version 9"),
        (b"CNN Classroom talk 1\ntitle: t\nbeat: draw\nwhen: now", "Line 4: “when” is no field"),
        (b"CNN Classroom talk 1\n\xff\xfe", "Line 2: this is no text"),
    ):
        page.file_uploader(key="talk_file").set_value(("x.talk", data, "text/plain")).run()
        assert not page.exception
        assert told in words(page)
        assert shelf.find(page.session_state["classroom.visit"].talk) == talk


def test_a_state_is_added_to_a_new_talk_and_to_the_one_presented(page):
    page.query_params["present"] = "1"
    page.run()
    say(page, "stage", add="conv_layer?v_filters=1&present=1")
    assert "Added as beat 1 of “My talk”" in shown(page, "stage")["note"]
    page.run()
    assert shown(page, "stage")["note"] == ""
    talk_id = page.session_state["classroom.visit"].talk
    (beat,) = shelf.find(talk_id).beats
    assert (beat.lesson, beat.state) == ("conv_layer", {"v_filters": "1"})
    assert beat.line == "The convolution layer"
    say(page, "stage", add="../../etc")
    assert "etc" in shown(page, "stage")["note"] or "Added" in shown(page, "stage")["note"]


def test_a_beat_whose_lesson_is_gone_gets_a_sentence(page):
    talk = Talk("t", (Beat("was_here", {"x": "1"}, "gone *now*"), Beat("draw")))
    talk_id = shelf.store().create("somebody", talk)
    for name, value in {"present": "1", "talk": talk_id, "beat": "1"}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert "There is no lesson “was_here”" in words(page)
    stage = shown(page, "stage")
    assert (stage["line"], stage["count"]) == ("gone *now*", 2)
    assert stage["links"]["2"].startswith("draw?")


@pytest.mark.parametrize(
    "query", [{"talk": "guess", "beat": "2"}, {"beat": "9" * 30}, {"beat": "999"}, {"beat": "-1"}]
)
def test_a_hand_edited_place_in_a_talk_is_a_place_in_the_lecture(page, query):
    for name, value in {"present": "1", **query}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert shown(page, "stage")["count"] == len(shelf.shipped()["lecture"].beats)


def test_a_database_that_cannot_be_used_leaves_the_shipped_talks(page, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(tmp_path / "file"))
    page.run()
    assert not page.exception
    assert "cannot be written" in words(page)
    assert page.selectbox(key="open_talk").value == "lecture"
