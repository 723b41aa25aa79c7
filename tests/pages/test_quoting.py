"""Markup that somebody typed, linked, uploaded or sent stays text in each refusal of each page."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.lessons import reader
from cnnlib.lessons.fields import Grid, Text
from cnnlib.lessons.given import Given
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui.quoting import quoted
from cnnlib.ui.talks import shelf
from cnnlib.ui.talks.speaker import REMOTES
from tests.pages.components import ROOT, run
from tests.pages.told import tell

TYPED = "*b*www.x.co"  # short, because a sentence repeats only the beginning of what was typed
OWNER = "o" * 32
STATES = {lesson.stem: state for lesson in LESSONS if (state := find(lesson.stem))}
READ = ("body", "label", "help", "options", "caption", "text")  # fields that hold Markdown


def open_lesson(stem, **query):
    """Open a lesson's page as a new visitor, at once with its link."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(f"pages/{stem}.py").run()
    assert not at.exception
    return at


def texts(node):
    """Yield every text of a page that Streamlit reads as Markdown."""
    proto = getattr(node, "proto", None)
    for field, value in proto.ListFields() if proto is not None else ():
        if field.name in READ and node.type not in ("html", "selectbox"):
            for one in [value] if isinstance(value, str) else value:
                yield getattr(one, "content", one)
    for child in getattr(node, "children", {}).values():
        yield from texts(child)


def times(at):
    """Return how often a page shows what was typed, each time quoted."""
    found = list(texts(at._tree))
    rest = [text.replace(quoted(TYPED), "") for text in found]
    assert [text for text in rest if "*b" in text or "www" in text] == []
    return sum(text.count(quoted(TYPED)) for text in found)


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("stem", STATES)
def test_a_page_quotes_what_its_link_says_in_each_field(stem):
    query = {field.link: TYPED for field in STATES[stem].described().values()}
    _, told = STATES[stem].from_link(query)
    refused = sum(TYPED in one for one in told)
    assert refused > 2 or stem == "draw"
    assert times(open_lesson(stem, **query)) >= refused


def reached(state, field):
    """Return a link in which a field is read, and holds what was typed."""
    ways = [
        {other.link: option}
        for other in state.described().values()
        for option in (*getattr(other, "labels", ()), "true")
    ]
    for one in [{}, *ways]:
        query = one | {field.link: TYPED}
        try:
            state.from_link(query)[0].check(Given())
        except ValueError as error:
            if TYPED in str(error):
                return query
    raise AssertionError(f"nothing reads {field.link}")


@pytest.mark.parametrize(
    ("stem", "field"),
    [
        (stem, field)
        for stem, state in STATES.items()
        for field in state.described().values()
        if isinstance(field, Grid | Text) and stem != "train"  # which tells of all its fields
    ],
    ids=lambda one: getattr(one, "link", one),
)
def test_a_page_quotes_what_cannot_be_read_as_numbers_or_layers(stem, field):
    assert times(open_lesson(stem, **reached(STATES[stem], field)))


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("stem", ["draw", "train"])
def test_a_page_quotes_names_of_recordings(stem):
    assert times(open_lesson(stem, recorded=TYPED))


def test_a_talk_is_quoted_in_its_room_and_in_the_speaker_view(app):
    beats = (
        Beat("draw", {"unit": TYPED}, TYPED, f"{TYPED}\n# {TYPED}"),
        Beat("gone", {}, TYPED, TYPED),
    )
    talk_id = shelf.store().create(OWNER, Talk(TYPED, beats))
    app.session_state["classroom.visit"].owner = OWNER
    app.switch_page("pages/talks.py").run()
    assert times(app) == 2  # both beats in the list; the rest stands in fields
    app.query_params["speak"] = REMOTES.open(talk_id, 1).code
    run(app)
    assert times(app) == 4  # this beat's line, its notes twice, and the next beat's line


def test_a_talk_that_cannot_be_read_is_refused_with_a_quotation(app):
    app.switch_page("pages/talks.py").run()
    wrong = f"CNN Classroom talk 1\n{TYPED}"
    app.file_uploader(key="talk_file").set_value(("x.talk", wrong.encode(), "text/plain"))
    run(app)
    assert times(app) == 1


def test_the_title_of_a_run_is_quoted(runs):
    names = [runs.start(OWNER, TYPED, TrainConfig()) for _ in range(2)]
    for name in names:
        tell(runs, name, ended="finished")
    at = open_lesson("train", run=",".join(names))
    at.session_state["classroom.visit"].owner = OWNER
    at.session_state["my_runs"] = at.session_state["take_run"] = True
    run(at)
    assert times(at) == 6  # each run's line and its deletion; the diagnosis; the files
    assert times(open_lesson("draw", run=names[0])) == 1


@pytest.mark.usefixtures("runs")
def test_the_name_of_a_file_is_quoted(app, tmp_path):
    app.switch_page("pages/train.py").run()
    app.session_state["use"] = True
    run(app)
    PRESETS["fully connected"].network().save(tmp_path / "weights.npz")
    for content in (b"nothing", (tmp_path / "weights.npz").read_bytes()):
        app.file_uploader(key="weights").upload(f"{TYPED}.npz", content, "")
        run(app)
        assert times(app) == 1  # what is wrong with it, and where it does not fit
    app.switch_page("pages/draw.py")
    app.query_params["run"] = reader.UPLOAD
    run(app)
    assert times(app) == 1


def test_a_wrong_guess_is_quoted():
    at = open_lesson("receptive_fields", predict_field="true")
    at.text_input[-1].set_value(TYPED)
    run(at)
    assert times(at) == 1
