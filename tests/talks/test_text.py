import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.lessons.listing import LESSONS
from cnnlib.talks.talk import LONGEST, Beat, Talk
from cnnlib.talks.text import LARGEST, read, write
from cnnlib.ui.talks.shelf import shipped

HEAD = "CNN Classroom talk 1\ntitle: t\n"

lines = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40
).map(str.strip)
tabbed = st.builds("{}\t{}".format, lines, lines).map(str.strip)
notes = st.lists(lines | tabbed, max_size=4).map(lambda some: "\n".join(some).strip("\n"))
beats = st.builds(
    Beat,
    st.sampled_from(["draw", "pooling", "no_such_lesson"]),
    st.dictionaries(st.sampled_from(["a", "P", "drawing"]), lines, max_size=3),
    line=lines,
    notes=notes,
    seconds=st.integers(1, 3600),
    shows=lines,
)
titles = lines.filter(lambda text: any(c.isprintable() and not c.isspace() for c in text))
talks = st.builds(Talk, titles, st.lists(beats, max_size=4).map(tuple))


@given(talks)
def test_what_is_written_is_read_again(talk):
    assert read(write(talk)) == talk


def test_a_hand_writes_it_freely():
    text = "\ufeffCNN Classroom talk 1\r\n# mine\r\ntitle:  Mine \r\n\r\n"
    text += "beat: http://h:8501/pooling?pool=L2&talk=x&embed=true\r\n"
    text += "notes: one\r\n  two\r\n\r\n  # kept\r\nseconds: 5\r\n"
    (beat,) = read(text).beats
    assert (beat.lesson, beat.state, beat.seconds) == ("pooling", {"pool": "L2"}, 5)
    assert beat.notes == "one\ntwo\n\n# kept"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "no talk"),
        ("<html><script>alert(1)</script>", 1, "no talk"),
        ("CNN Classroom talk 2\ntitle: t", 1, "version 2"),
        ("CNN Classroom talk 1\n", 2, "needs a title"),
        (HEAD + "line: too early", 3, "before the first beat"),
        (HEAD + "beat: pooling\nnonsense", 4, "no field"),
        (HEAD + "beat: pooling\nrun: rm -rf /", 4, "no field in a beat"),
        (HEAD + "beat: pooling\nseconds: soon", 4, "no number of seconds"),
        (HEAD + "beat: pooling\nseconds: ٣", 4, "no number of seconds"),
        (HEAD + "beat: pooling\n\nline: a\nline: b", 6, "said twice, first in line 5"),
        (HEAD + f"beat: pooling\nline: {'x' * (LONGEST['line'] + 1)}", 4, "too long"),
        (HEAD + "beat: javascript:alert(1)", 3, "no lesson's path"),
        (HEAD + "\n".join(["beat: pooling"] * 201), 203, "more than 200 beats"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, line, told):
    with pytest.raises(ValueError, match=f"^line {line}: ") as caught:
        read(text)
    assert told in str(caught.value)


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(ValueError, match="at most 1,000,000"):
        read(HEAD + " " * LARGEST)


def test_the_lecture_goes_through_every_lesson_in_at_least_thirty_beats():
    lecture = shipped()["lecture"]
    assert len(lecture.beats) >= 30
    assert {lesson.stem for lesson in LESSONS} - {"talks"} <= {b.lesson for b in lecture.beats}
    assert all(beat.line for beat in lecture.beats)
    assert sum(bool(beat.shows) for beat in lecture.beats) >= 20


def test_the_demo_takes_five_minutes_and_ends_in_training():
    demo = shipped()["demo"]
    assert demo.seconds <= 300
    assert demo.beats[-1].lesson == "train"
