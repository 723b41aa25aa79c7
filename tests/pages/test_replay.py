"""A run plays back: labelled, at any speed, from its beginning, and gives way to a real run."""

import pytest

from cnnlib.runs.config import TrainConfig
from cnnlib.ui.training import replay, use
from tests.pages.components import keep, open_link, run, say, shown, words
from tests.pages.told import begin, me, press, tell


@pytest.fixture
def lesson(runs, app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


@pytest.fixture
def clock(monkeypatch):
    """Return a clock in place of the machine's, which goes on only when a test says so."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(replay, "time", clock)
    return clock


@pytest.fixture
def played(runs, clock):
    return open_link("train", recorded="first_steps", speed="4")


def figure(at):
    (one,) = shown(at, "learning")["runs"]
    return one


def later(at, clock, seconds):
    clock.now += seconds
    run(at)
    return figure(at)


def test_a_recording_is_labelled_and_shown_up_to_the_time_at_its_speed(played, clock):
    assert "Recorded" in words(played)
    assert figure(played)["words"] == "Recorded"
    assert "4 times its own pace" in figure(played)["sentence"]
    assert (figure(played)["curve"]["count"], figure(played)["count"]) == (0, 0)
    told = visit(played).playback.runs[0].told
    early = later(played, clock, 0.5)
    assert early["curve"]["count"] == sum(one.seconds <= 2 for one in told.progress) > 0
    assert early["count"] == sum(one.seconds <= 2 for one in told.reports)
    whole = later(played, clock, 60)
    assert (whole["curve"]["count"], whole["count"]) == (len(told.progress), len(told.reports))
    assert "**Converged.**" in words(played) or "**Ideal.**" in words(played)


def visit(at):
    return at.session_state["classroom.visit"]


def label(at):
    return at.button(key="replay_play").label


def test_it_pauses_goes_on_and_begins_again(played, clock):
    later(played, clock, 0.5)
    press(played, "replay_play")
    assert label(played) == "Play"
    before = figure(played)["curve"]["count"]
    assert later(played, clock, 60)["curve"]["count"] == before > 0
    press(played, "replay_play")
    assert label(played) == "Pause"
    later(played, clock, 60)
    run(played)
    assert label(played) == "Play again"
    press(played, "replay_play")
    assert (figure(played)["curve"]["count"], label(played)) == (0, "Pause")
    later(played, clock, 0.5)
    press(played, "replay_begin")
    assert figure(played)["curve"]["count"] == 0


def test_a_change_of_speed_goes_on_from_where_it_stood(played, clock):
    later(played, clock, 0.25)
    assert visit(played).playback.now == pytest.approx(1)
    played.button_group(key="speed").set_value("0.5").run()
    assert visit(played).playback.now == pytest.approx(1)
    later(played, clock, 1)
    assert visit(played).playback.now == pytest.approx(1.5)
    assert "0.5 times its own pace" in figure(played)["sentence"]


def test_it_asks_for_news_only_while_it_plays(played, clock, monkeypatch):
    asked = []
    fragment = replay.st.fragment
    monkeypatch.setattr(
        replay.st, "fragment", lambda f, run_every: asked.append(run_every) or fragment(f)
    )
    later(played, clock, 0.1)
    press(played, "replay_play")
    later(played, clock, 0.1)
    assert asked == [0.25, None, None]


def test_its_network_reads_the_drawing_here_and_on_the_draw_page(played):
    played.session_state["use"] = True
    run(played)
    assert "it reads **3**" in words(played)
    played.switch_page("pages/draw.py")
    played.query_params["recorded"] = "first_steps"
    run(played)
    assert "the network of the recorded run “First steps”" in words(played)
    assert shown(played, "netview")["layers"][1]["name"] == "conv1"


def test_start_leaves_the_recording_for_a_real_run(played, runs):
    press(played, "start")
    assert "recorded" not in played.query_params
    assert runs.run(played.query_params["run"]).config == TrainConfig()
    assert figure(played)["words"] == "Training"


def test_leave_shows_the_page_as_it_was(played):
    press(played, "replay_leave")
    assert not {"recorded", "speed"} & set(played.query_params)
    assert shown(played, "learning")["runs"] == []


def test_who_comes_back_to_the_page_sees_it_from_the_beginning(played, clock):
    later(played, clock, 1)
    played.switch_page("pages/pooling.py").run()
    played.switch_page("pages/train.py")
    played.query_params["recorded"] = "first_steps"
    run(played)
    assert figure(played)["curve"]["count"] == 0


@pytest.mark.parametrize("name", ["../models/digits", "gone", "", "<b>x</b>"])
def test_an_unknown_recording_is_a_sentence_on_both_pages(lesson, name):
    lesson.query_params["recorded"] = name
    run(lesson)
    assert "There is no recorded run" in words(lesson)
    assert shown(lesson, "learning")["runs"] == []
    lesson.switch_page("pages/draw.py")
    lesson.query_params["recorded"] = name
    run(lesson)
    assert "The shipped network reads instead" in words(lesson)


def test_one_of_my_runs_is_played_back_from_the_list(lesson, runs, clock):
    name, told = begin(lesson, runs, ended="finished")
    lesson.session_state["my_runs"] = True
    run(lesson)
    press(lesson, f"again.{name}")
    assert lesson.query_params["replay"] == ["1"] or lesson.query_params["replay"] == "1"
    assert (figure(lesson)["words"], figure(lesson)["curve"]["count"]) == ("Recorded", 0)
    assert later(lesson, clock, 60)["count"] == len(told.reports)
    press(lesson, "replay_leave")
    assert figure(lesson)["words"] == "Finished"


def test_space_pauses_and_plays(played, clock):
    later(played, clock, 0.5)
    say(played, "learning", space=True)
    assert label(played) == "Play"
    before = figure(played)["curve"]["count"]
    assert later(played, clock, 60)["curve"]["count"] == before > 0
    say(played, "learning", space=True)
    assert label(played) == "Pause"


def test_a_race_plays_back_on_one_clock(lesson, runs, clock):
    names = [begin(lesson, runs, ended="finished", epochs=epochs)[0] for epochs in (1, 2)]
    lesson.query_params["run"] = ",".join(names)
    run(lesson)
    press(lesson, "play_back")
    assert lesson.query_params["replay"] in ("1", ["1"])
    for seconds in (0.3, 60):
        clock.now += seconds
        run(lesson)
        at = visit(lesson).playback.now
        for one, past in zip(
            shown(lesson, "learning")["runs"], visit(lesson).playback.runs, strict=True
        ):
            assert one["words"] == "Recorded"
            assert one["curve"]["count"] == sum(p.seconds <= at for p in past.told.progress) > 0
    assert visit(lesson).playback.over
    chosen = shown(lesson, "learning")["runs"][1]["id"]
    keep(lesson, "learning", looked={"run": chosen, "step": None})
    assert visit(lesson).playback.over


def test_a_recording_is_taken_away_as_a_run_is(played):
    files = use.recorded_offers("first_steps")
    made = {label: make() for label, (_, _, make) in files.items() if label != "Its images"}
    assert made["History"].count("\n") > 8
    assert "624" in made["History"].splitlines()[-1]
    assert made["Weights (.npz)"][:2] == b"PK"
    compile(made["PyTorch script"], "script", "exec")
    played.session_state["take_run"] = True
    run(played)
    labels = [one.proto.label for one in played.get("download_button")]
    assert labels == list(files)


def test_a_run_that_still_trains_is_not_played_back(lesson, runs):
    begin(lesson, runs)
    lesson.query_params["replay"] = "1"
    run(lesson)
    assert figure(lesson)["words"] == "Training"


def test_a_stranger_may_play_a_run_back(lesson, runs, clock):
    name = runs.store.create("somebody", "theirs", TrainConfig())
    runs.store.change(name, "", "training")
    tell(runs, name, ended="finished")
    lesson.query_params["run"], lesson.query_params["replay"] = name, "1"
    run(lesson)
    assert me(lesson) != "somebody"
    assert later(lesson, clock, 1)["curve"]["count"] > 0
    keep(lesson, "learning", looked={"run": figure(lesson)["id"], "step": None})
