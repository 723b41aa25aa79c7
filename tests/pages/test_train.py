"""The training page, with runs that are told of but not trained: what it shows and asks for."""

import io
import zlib
from dataclasses import replace

import numpy as np
import pytest

from cnnlib.architecture import PRESETS as ARCHITECTURES
from cnnlib.network import Network
from cnnlib.training import runs as service
from cnnlib.training.config import SHORT, TrainConfig
from cnnlib.training.events import BatchTaken, Ended, ParameterStep, Report
from cnnlib.training.presets import PRESETS, RACES
from cnnlib.training.runs import RunsError
from cnnlib.training.store import RunStore
from tests.histories import history
from tests.pages.components import open_link, packet, run, say, shown, words


class Told:
    """Runs that are only recorded: nothing trains."""

    def __init__(self, folder):
        self.store, self.commands, self.notice = RunStore(folder), [], ""

    def start(self, owner, title, config):
        name = self.store.create(owner, title, config)
        self.store.change(name, "", "training")
        return name

    def run(self, name):
        record = self.store.run(name)
        if record is None:
            raise RunsError("There is no such run: it was deleted, or its link is incomplete.")
        return record

    def of_owner(self, owner):
        return self.store.of_owner(owner)

    def command(self, name, owner, what, value=None):
        if self.run(name).owner != owner:
            raise RunsError("Only who started this run can change it; you can watch it.")
        self.commands.append((name, what, value))
        if what == "pause":
            self.store.change(name, "", "paused")

    def delete(self, name, owner):
        assert self.run(name).owner == owner
        self.store.delete(name)


@pytest.fixture
def runs(tmp_path, monkeypatch):
    told = Told(tmp_path)
    monkeypatch.setattr(service, "of_this_server", lambda: told)
    yield told
    told.store.close()


@pytest.fixture
def lesson(runs, app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def press(at, key):
    at.button(key=key).click()
    run(at)


def me(at):
    return at.session_state["classroom.visit"].owner


def tell(runs, name, *, epochs=2, ended=None, weights=True, **more):
    """Give a run a history."""
    told = history(epochs=epochs, validation=500, **more)
    runs.store.append(name, told.begun)
    network = ARCHITECTURES["digits"].network()
    for event in sorted([*told.progress, *told.reports], key=lambda event: event.step):
        kept = network if weights and isinstance(event, Report) else None
        runs.store.append(name, event, kept)
    if ended:
        runs.store.append(name, Ended(ended, f"It {ended}.", 3.0, 120))
    return told


def begin(at, runs, **more):
    """Press Start, and give what was started a history."""
    press(at, "start")
    name = at.query_params["run"]
    told = tell(runs, name, **more)
    run(at)
    return name, told


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
    query = {key: at.query_params[key] for key in SHORT.values() if key in at.query_params}
    if "bn" in query:
        query["bn"] = {"true": "1", "false": "0"}[query["bn"]]
    return query


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
def test_a_link_edited_by_hand_gets_a_sentence_and_the_default_stays(runs, key, value, told):
    app = open_link("train", **{key: value})
    assert told.lower() in words(app).lower()
    press(app, "start")
    assert config_of(runs, app.query_params["run"]) == TrainConfig()


def test_what_is_typed_wrong_gets_a_sentence_and_the_last_good_rate_stays(lesson, runs):
    lesson.text_input(key="rate").set_value("0.02").run()
    lesson.text_input(key="rate").set_value("0,02").run()
    assert "learning rate '0,02'" in words(lesson).replace("Learning", "learning")
    press(lesson, "start")
    assert config_of(runs, lesson.query_params["run"]).learning_rate == 0.02
    lesson.text_input(key="rate").set_value("0.02").run()
    assert "0,02" not in words(lesson)


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
    lesson.selectbox(key="block0.pool").set_value("average").run()
    lesson.number_input(key="hidden0").set_value(30).run()
    lesson.selectbox(key="activation").set_value("tanh").run()
    wanted = "2conv3x6-average_2conv3x24-residual-max_fc30_tanh_out10"
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
    pixels = np.frombuffer(zlib.decompress(body), np.uint8, count, start)
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


def open_drawer(at, key):
    at.session_state[key] = True
    run(at)


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
    runs.store.change(name, "", "interrupted", "Its server ended while it was under way.")
    lesson.query_params.pop("run")
    open_drawer(lesson, "my_runs")
    press(lesson, f"go.{name}")
    assert runs.commands == [(name, "resume", None)]
    assert lesson.query_params["run"] == name


def taken(step=7):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=3).astype(np.float32)
    update = ParameterStep(
        "conv1.weight", (2, 1, 3, 3), 1.5, 1.4, 0.3, 0.1, np.zeros((3, 4), int),
        weights, weights / 10, weights - weights / 100, {"m": weights / 20},
    )  # fmt: skip
    logits = rng.normal(size=(4, 10)).astype(np.float32)
    logits[3] = np.nan
    return BatchTaken(
        step, 64, rng.integers(0, 255, (4, 28, 28)).astype(np.uint8), np.arange(4, dtype=np.uint8),
        logits, np.full((4, 10), 0.1, np.float32), np.array([1, 3, 2, np.inf], np.float32),
        0.5, 0.25, 0.01, "adam", ("w ← w − η m",), {"β₁": 0.9}, (update,),
    )  # fmt: skip


def test_a_step_under_the_microscope_is_shown_with_its_numbers(lesson, runs):
    name, _ = begin(lesson, runs)
    open_drawer(lesson, "microscope")
    press(lesson, "take_apart")
    assert runs.commands == [(name, "microscope", None)]
    batch = taken()
    runs.store.append(name, batch)
    run(lesson)
    assert "**Step 7**: 64 images, the first 4 of them here" in words(lesson)
    assert "**0.5** before the step and is **0.25**" in words(lesson)
    data = shown(lesson, "batch")
    assert [one["label"] for one in data["pictures"]] == [0, 1, 2, 3]
    np.testing.assert_array_equal(data["pictures"][1]["logits"], batch.logits[1].tolist())
    assert data["pictures"][3]["logits"] == [None] * 10
    assert data["pictures"][3]["loss"] is None
    assert data["constants"] == "η = 0.01, β₁ = 0.9"
    (update,) = data["parameters"]
    np.testing.assert_array_equal(update["after"], batch.parameters[0].after.tolist())
    assert update["terms"]["m"] == batch.parameters[0].terms["m"].tolist()


def test_a_runs_network_reads_the_drawing_and_is_sent_to_the_draw_page(lesson, runs):
    begin(lesson, runs, weights=False)
    open_drawer(lesson, "use")
    assert "not measured its network yet" in words(lesson)
    tell(runs, lesson.query_params["run"], epochs=3)
    run(lesson)
    assert "it reads **0**, with probability 0.100" in words(lesson)
    (link,) = [one for one in lesson.get("page_link") if one.proto.query_string]
    assert link.proto.query_string == f"run={lesson.query_params['run']}"


def test_files_of_a_run(lesson, runs):
    name, told = begin(lesson, runs, ended="finished")
    from cnnlib.ui import use_room

    offers = use_room.offers(runs.run(name))
    content = offers["Weights"][2]()
    assert np.load(io.BytesIO(content), allow_pickle=False)["conv1.weight"].shape == (12, 1, 3, 3)
    script = offers["PyTorch script"][2]()
    compile(script, "script.py", "exec")
    assert f"EPOCHS = {TrainConfig().epochs}" in script
    open_drawer(lesson, "take_run")
    assert name in " ".join(block.value for block in lesson.code)
    lines = offers["History"][2]().splitlines()
    assert len(lines) == 1 + len(told.progress) + len(told.reports)


def upload(at, content, name="weights.npz"):
    at.session_state["use"] = True
    run(at)
    at.file_uploader(key="weights").upload(name, content, "application/octet-stream").run()
    assert not at.exception


def npz(tmp_path, network):
    network.save(tmp_path / "w.npz")
    return (tmp_path / "w.npz").read_bytes()


def test_weights_from_a_file_read_the_drawing_here_and_on_the_draw_page(lesson, tmp_path):
    upload(lesson, npz(tmp_path, ARCHITECTURES["fully connected"].network()))
    assert "109,386 parameters" in words(lesson)
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = "upload"
    run(lesson)
    assert "the network of the file “weights.npz”" in words(lesson)
    names = [layer["name"] for layer in shown(lesson, "netview")["layers"]]
    assert names == ["input", "fc1", "relu1", "fc2", "relu2"]


def _pickled():
    file = io.BytesIO()
    np.savez(file, architecture=np.array([{"a": 1}], dtype=object))
    return file.getvalue()


def _other():
    return Network(ARCHITECTURES["tiny"].network().layers[:3])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: b"not a zip", "cannot be read as arrays"),
        (lambda _: _pickled(), "“weights.npz”"),
        (lambda folder: npz(folder, _other()), "use a network that reads (1, 28, 28)"),
    ],
)
def test_a_wrong_file_of_weights_is_refused_with_a_sentence(lesson, tmp_path, make, told):
    upload(lesson, make(tmp_path))
    assert told in words(lesson)


STROKE = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_draw_page_reads_with_any_architecture(lesson, runs, name):
    run_id = runs.store.create(me(lesson) or "x", "mine", TrainConfig())
    network = ARCHITECTURES[name].network()
    runs.store.append(run_id, history(epochs=1, validation=500).reports[0], network)
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = run_id
    run(lesson)
    assert "the network of the run “mine”" in words(lesson)
    say(lesson, "paper", drawing={"sequence": 1, "strokes": STROKE, "down": False})
    assert shown(lesson, "answer")["probabilities"] == pytest.approx([0.1] * 10)
    layers = shown(lesson, "netview")["layers"]
    assert len(layers) > 3
    for number, layer in enumerate(layers[1:], 1):
        index = [0, 0, 0]
        unit = {"activation": layer["activation"], "index": index, "number": number}
        say(lesson, "netview", unit=unit)
        assert shown(lesson, "unit")["unit"]["title"].startswith(layer["name"])
        lesson.session_state["netview"] = {}
    say(lesson, "answer", digit={"digit": 3})
    assert shown(lesson, "unit")["unit"]["title"] == "logits, class 3"


def test_the_draw_page_says_where_a_run_is_unknown_and_leads_back(lesson, runs):
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = "gone"
    run(lesson)
    assert "There is no such run" in words(lesson)
    assert "The shipped network reads instead" in words(lesson)
