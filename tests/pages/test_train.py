"""The training page shows and asks for the right things, with runs that are told, not trained."""

from dataclasses import replace

import numpy as np
import pytest

from cnnlib.models.architecture import PRESETS as ARCHITECTURES
from cnnlib.runs.config import SHORT, TrainConfig
from cnnlib.runs.presets import PRESETS, RACES
from tests.pages.components import open_link, packet, run, say, shown, words
from tests.pages.told import begin, me, open_drawer, press, tell


@pytest.fixture
def lesson(runs, app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def config_of(runs, name):
    return runs.run(name).config


def test_the_page_opens_on_the_built_in_default_and_start_runs_it(lesson, runs):
    assert shown(lesson, "learning")["runs"] == []
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]) == TrainConfig()
    assert [one["state"] for one in shown(lesson, "learning")["runs"]] == ["training"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_every_control_says_what_to_expect_and_is_what_starts(lesson, runs, name):
    lesson.selectbox(key="preset").set_value(name).run()
    assert PRESETS[name].purpose in words(lesson)
    press(lesson, "start")
    record = runs.run(lesson.query_params["run"])
    assert record.config == PRESETS[name].config
    assert record.title == PRESETS[name].title
    assert TrainConfig.from_query(_query(lesson)) == PRESETS[name].config


def _query(at):
    return {key: at.query_params[key] for key in SHORT.values() if key in at.query_params}


@pytest.mark.parametrize(
    ("key", "value", "field", "wanted"),
    [
        ("rate", "1000", "learning_rate", 1000.0),
        ("opt", "nesterov", "optimizer", "nesterov"),
        ("batch", 32, "batch_size", 32),
        ("epochs", 7, "epochs", 7),
        ("data", "built-in-wild", "data", "built-in-wild"),
        ("images", 500, "images", 500),
        ("schedule", "constant", "schedule", "constant"),
        ("l2", "0.001", "weight_decay", 0.001),
        ("dropout", "0.5", "dropout", 0.5),
        ("bn", True, "batch_norm", True),
        ("aug", "vary", "augmentation", "vary"),
        ("avg", "0.99", "averaging", 0.99),
        ("patience", 2, "early_stopping", 2),
        ("reports", 4, "reports", 4),
        ("seed", 5, "seed", 5),
        ("device", "cpu", "device", "cpu"),
        ("net", "conv3x8-max_out10", "architecture", None),
    ],
)
def test_each_control_changes_the_run_and_stands_in_the_link(runs, key, value, field, wanted):
    lesson = open_link("train")
    kinds = (lesson.text_input, lesson.number_input, lesson.selectbox, lesson.toggle)
    (control,) = [one for kind in kinds for one in kind if one.key == key]
    control.set_value(value)
    linked = open_link("train", **{key: str(value).lower() if value is True else str(value)})
    usual = TrainConfig()
    for at in (lesson, linked):
        press(at, "start")
        made = config_of(runs, at.query_params["run"])
        text = made.architecture.to_text()
        assert text == (value if wanted is None else usual.architecture.to_text())
        assert wanted is None or made == replace(usual, **{field: wanted})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("rate", "fast", "learning rate 'fast'"),
        ("rate", "nan", "learning rate"),
        ("rate", "-1", "learning rate -1"),
        ("epochs", "0", "epochs 0"),
        ("epochs", "inf", "epochs"),
        ("batch", "1e9", "batch size"),
        ("opt", "lion", "optimizer 'lion'"),
        ("data", "/etc", "data '/etc'"),
        ("net", "conv9x9999_out10", "999"),
        ("net", "", "classes"),
        ("bn", "perhaps", "batch norm"),
        ("images", "99999999", "images"),
    ],
)
def test_a_link_edited_by_hand_gets_a_sentence_and_starts_nothing_that_it_does_not_say(
    runs, key, value, told
):
    app = open_link("train", **{key: value})
    assert told.lower() in words(app).lower()
    press(app, "start")
    if key in ("rate", "net"):  # what is refused stands in the field
        assert "run" not in app.query_params
        assert "Nothing was started" in words(app)
    else:
        assert config_of(runs, app.query_params["run"]) == TrainConfig()


def test_what_is_typed_wrong_gets_a_sentence_and_the_last_good_rate_stays(lesson, runs):
    lesson.text_input(key="rate").set_value("0.02").run()
    lesson.text_input(key="rate").set_value("0,02").run()
    assert "learning rate '0,02'" in words(lesson).replace("Learning", "learning")
    assert "write decimals with a point" in words(lesson)
    press(lesson, "start")
    assert "run" not in lesson.query_params
    assert "Nothing was started, because one of the settings can't be taken." in words(lesson)
    lesson.text_input(key="rate").set_value("0.02").run()
    assert "0,02" not in words(lesson)
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]).learning_rate == 0.02


def test_a_folder_that_keeps_nothing_is_said(lesson, runs):
    runs.notice = "Runs are kept only until this server ends: the disk is full."
    run(lesson)
    assert "the disk is full" in words(lesson)


def test_a_change_and_start_in_one_go_start_what_was_typed(lesson, runs):
    lesson.text_input(key="rate").set_value("0.5")
    press(lesson, "start")
    record = runs.run(lesson.query_params["run"])
    assert record.config.learning_rate == 0.5
    assert record.title == "fast, adam 0.5"


def open_layers(at):
    at.session_state["editor"] = True
    run(at)


def test_the_table_of_layers_follows_each_block(runs):
    lesson = open_link("train", net="2conv3x12-max_2conv3x24-max_out10")
    assert lesson.selectbox(key="network").value == "digits"
    open_layers(lesson)
    assert "**21,022**" in words(lesson)
    lesson.number_input(key="block0.maps").set_value(6).run()
    assert lesson.query_params["net"] == "2conv3x6-max_2conv3x24-max_out10"
    architecture = ARCHITECTURES["digits"].from_text(lesson.query_params["net"])
    total = sum(row.parameters for row in architecture.rows())
    assert f"**{total:,}**" in words(lesson)
    assert lesson.selectbox(key="network").value is None
    lesson.toggle(key="block1.residual").set_value(True).run()
    pooling = lesson.selectbox(key="block0.pool")
    assert pooling.options == ["max 2×2", "max 3×3", "average 2×2", "average 3×3", "none"]
    pooling.set_value("average3").run()
    lesson.number_input(key="hidden0").set_value(30).run()
    lesson.selectbox(key="activation").set_value("tanh").run()
    wanted = "2conv3x6-average3_2conv3x24-residual-max_fc30_tanh_out10"
    assert lesson.query_params["net"] == wanted
    press(lesson, "block0.remove")
    press(lesson, "block.add")
    wanted = "2conv3x24-residual-max_2conv3x24-residual-max_fc30_tanh_out10"
    assert lesson.query_params["net"] == wanted
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]).architecture.to_text() == wanted


def test_what_does_not_fit_is_said_at_its_block_and_a_run_has_the_last_that_fits(runs):
    lesson = open_link("train", net="2conv3x12-max_2conv3x24-max_out10")
    open_layers(lesson)
    lesson.number_input(key="block1.kernel").set_value(4).run()
    (said,) = [one.value for one in lesson.markdown if one.value.startswith("**Block 2**")]
    assert "kernel 4 with padding “same” has no middle" in said.replace("Kernel", "kernel")
    assert lesson.number_input(key="block1.kernel").value == 4
    assert lesson.query_params["net"] == "2conv3x12-max_2conv3x24-max_out10"
    lesson.selectbox(key="block1.padding").set_value("none").run()
    assert lesson.query_params["net"] == "2conv3x12-max_2conv4x24-unpadded-max_out10"
    lesson.number_input(key="block1.kernel").set_value(20).run()
    (said,) = [one.value for one in lesson.markdown if one.value.startswith("**Block 2**")]
    assert "20" in said
    lesson.selectbox(key="network").set_value("tiny").run()
    assert "net" in lesson.query_params
    assert lesson.number_input(key="block1.kernel").value == 3


def test_commands_reach_the_run_and_the_rate_is_a_multiple_of_its_own(lesson, runs):
    name, _ = begin(lesson, runs)
    for key in ("pause", "batch", "epoch", "stop"):
        press(lesson, f"do_{key}")
    lesson.select_slider(key=f"factor.{name}").set_value(10.0).run()
    rate = TrainConfig().learning_rate * 10
    asked = [("pause", None), ("batch", None), ("epoch", None), ("stop", None), ("rate", rate)]
    assert runs.commands == [(name, *one) for one in asked]
    assert lesson.button(key="do_resume").label == "Resume"
    press(lesson, "do_resume")
    assert runs.commands[-1] == (name, "resume", None)


def test_the_rates_slider_stands_where_the_run_has_it_after_a_reload_and_in_another_tab(runs):
    lesson = open_link("train", rate="0.02")
    name, _ = begin(lesson, runs)
    key = f"factor.{name}"
    lesson.select_slider(key=key).set_value(5.0).run()
    assert runs.run(name).rate == pytest.approx(0.1)
    again = open_link("train")
    again.session_state["classroom.visit"].owner = me(lesson)
    again.query_params["run"] = name
    run(again)
    assert again.select_slider(key=key).value == 5.0
    runs.store.set_rate(name, 0.02 * 0.3)
    run(lesson)
    assert lesson.select_slider(key=key).value == 0.3
    lesson.select_slider(key=key).set_value(1.0).run()
    assert runs.run(name).rate == pytest.approx(0.02)
    assert lesson.select_slider(key=key).value == 1.0


def test_a_finished_run_has_no_commands_and_says_how_it_went(lesson, runs):
    begin(lesson, runs, ended="finished")
    (one,) = shown(lesson, "learning")["runs"]
    assert one["state"] == "finished"
    assert one["sentence"] == "It finished."
    assert "do_pause" not in {button.key for button in lesson.button}
    kinds = ("ideal", "learning", "converged", "underfitting", "overfitting")
    assert any(f"**{kind}.**".lower() in words(lesson).lower() for kind in kinds)


@pytest.mark.parametrize(("images", "there"), [("500", True), ("600", False)])
def test_mistakes_have_their_pictures_where_the_images_can_be_had(runs, images, there):
    at = open_link("train", images=images)
    begin(at, runs)
    data, body = packet(at, "learning")
    kind, start, count = data["runs"][0]["pictures"]["pixels"]
    pixels = np.frombuffer(body, np.uint8, count, start)
    assert (kind, bool(count), pixels.any()) == ("u1", True, there)


def test_a_new_start_has_the_old_run_pause(lesson, runs):
    first, _ = begin(lesson, runs)
    second, _ = begin(lesson, runs)
    assert second != first
    assert runs.commands == [(first, "pause", None)]


def test_a_place_in_the_queue_is_said(lesson, runs):
    name, _ = begin(lesson, runs)
    runs.store.change(name, "", "queued", place=3)
    run(lesson)
    (one,) = shown(lesson, "learning")["runs"]
    assert one["sentence"] == "Waits for its turn: 2 before it."


@pytest.mark.parametrize("name", RACES)
def test_a_race_starts_all_its_runs_on_the_same_axes(lesson, runs, name):
    lesson.selectbox(key="preset").set_value(name).run()
    press(lesson, "start")
    names = lesson.query_params["run"].split(",")
    assert 2 <= len(names) <= 4
    assert len(shown(lesson, "learning")["runs"]) == len(names)
    configs = [config_of(runs, one) for one in names]
    assert len(set(map(str, configs))) == len(names)
    assert len({one.epochs for one in configs}) == 1
    lesson.text_input(key="rate").set_value("0.5").run()
    assert lesson.selectbox(key="preset").value is None


def test_a_link_reopens_a_run_and_a_stranger_only_watches(lesson, runs):
    name = runs.store.create("somebody else", "theirs", TrainConfig())
    runs.store.change(name, "", "training")
    tell(runs, name)
    lesson.query_params["run"] = name
    run(lesson)
    (one,) = shown(lesson, "learning")["runs"]
    assert one["title"] == "theirs"
    assert "You watch" in words(lesson)
    assert "do_pause" not in {button.key for button in lesson.button}


@pytest.mark.parametrize("link", ["nothing", "a,b,c,d,e", "<img src=x>", "../../etc", "%00"])
def test_an_unknown_run_gets_a_sentence(lesson, runs, link):
    lesson.query_params["run"] = link
    run(lesson)
    assert "There is no such run" in words(lesson)
    assert shown(lesson, "learning")["runs"] == []


def test_my_runs_are_listed_compared_and_deleted(lesson, runs):
    open_drawer(lesson, "my_runs")
    assert "None yet" in words(lesson)
    first, told = begin(lesson, runs, ended="finished")
    second, _ = begin(lesson, runs, pace=0.5, ended="finished")
    best = max(report.validation_accuracy for report in told.reports)
    assert f"best {100 * best:.2f}%" in words(lesson)
    press(lesson, "compare")
    assert "0 runs are ticked" in words(lesson)
    for name in (first, second):
        lesson.checkbox(key=f"tick.{name}").set_value(True).run()
    press(lesson, "compare")
    assert set(lesson.query_params["run"].split(",")) == {first, second}
    assert len(shown(lesson, "learning")["runs"]) == 2
    press(lesson, f"delete.{first}")
    assert lesson.query_params["run"] == second
    assert [one.id for one in runs.of_owner(me(lesson))] == [second]


def test_an_interrupted_run_can_go_on(lesson, runs):
    name, _ = begin(lesson, runs)
    runs.store.change(name, "", "interrupted", "The server ended while this run was under way.")
    lesson.query_params.pop("run")
    open_drawer(lesson, "my_runs")
    press(lesson, f"go.{name}")
    assert runs.commands == [(name, "resume", None)]
    assert lesson.query_params["run"] == name


def test_who_comes_back_to_a_beat_sees_the_run_that_was_started_there(lesson, runs):
    lesson.query_params["talk"], lesson.query_params["beat"] = "lecture", "39"
    run(lesson)
    press(lesson, "start")
    (name,) = [record.id for record in runs.of_owner(me(lesson))]
    for beat, expected in (("40", None), ("39", name), ("40", None)):
        lesson.query_params.clear()
        lesson.query_params["talk"], lesson.query_params["beat"] = "lecture", beat
        run(lesson)
        assert lesson.query_params.get("run") in (expected, [expected])
    lesson.query_params.clear()
    run(lesson)
    assert "run" not in lesson.query_params


def test_space_starts_pauses_and_goes_on(lesson, runs):
    say(lesson, "learning", space=True)
    (name,) = [record.id for record in runs.of_owner(me(lesson))]
    say(lesson, "learning", space=True)
    say(lesson, "learning", space=True)
    assert runs.commands == [(name, "pause", None), (name, "resume", None)]


@pytest.mark.usefixtures("crossing")
def test_a_start_that_left_the_browser_before_it_heard_of_a_preset_starts_the_preset(lesson, runs):
    before = {key: lesson.session_state[key] for key in ("rate", "opt", "images", "net")}
    lesson.selectbox(key="preset").set_value("diverging").run()
    for key, value in before.items():
        lesson.session_state[key] = value
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]) == PRESETS["diverging"].config
    assert lesson.selectbox(key="preset").value == "diverging"
    assert lesson.text_input(key="rate").value == "1000.0"


def test_a_preset_that_comes_with_the_click_is_what_starts(lesson, runs):
    lesson.selectbox(key="preset").set_value("diverging")
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]) == PRESETS["diverging"].config


def test_what_is_changed_after_a_preset_is_what_starts(lesson, runs):
    lesson.selectbox(key="preset").set_value("diverging").run()
    lesson.text_input(key="rate").set_value("0.01")
    press(lesson, "start")
    made = config_of(runs, lesson.query_params["run"])
    assert made == replace(PRESETS["diverging"].config, learning_rate=0.01)
    assert lesson.selectbox(key="preset").value is None
