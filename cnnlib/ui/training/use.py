"""Uses of a trained network: the draw page, files to take away, and weights brought in."""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from cnnlib.drawings.images import to_input
from cnnlib.lessons import reader
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.reader import Reader
from cnnlib.lessons.train import State
from cnnlib.losses import softmax
from cnnlib.network import Network, UnnamedError
from cnnlib.runs import history, recordings, script, sets
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Event
from cnnlib.runs.start import NAMED, Start
from cnnlib.runs.store import RunRecord
from cnnlib.storage.database import RecordsError
from cnnlib.ui import take_away
from cnnlib.ui.controls import put
from cnnlib.ui.given import given
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import quoted, refusal
from cnnlib.ui.session import visit
from cnnlib.ui.training import config as config_room
from cnnlib.ui.training import lab, preset
from cnnlib.ui.uploads import take

_ASKED = "weights_architecture"
_BINARY = "application/octet-stream"


def show(record: RunRecord | None, recorded: str | None = None) -> None:
    """Offer what can be done with a run's network, and with weights from a file.

    Parameters
    ----------
    record : RunRecord or None
    recorded : str or None
        A recorded run's name, where that is shown in place of a run.
    """
    box = st.expander("Use the network", key="use", on_change="rerun")
    if box.open:
        with box:
            left, right = st.columns(2, gap="large")
            with left:
                _use(record, recorded)
            with right:
                _bring_in()
    if record is not None:
        take_away.offer(f"run {record.title}", offers(record), key="take_run")
    elif recorded in recordings.names():
        take_away.offer(f"recorded run {recorded}", recorded_offers(recorded), key="take_run")


def _use(record: RunRecord | None, recorded: str | None) -> None:
    try:
        if recorded is not None:
            now, link = reader.of_recording(recorded), {"recorded": recorded}
        elif record is not None:
            now, link = reader.of_run(record.id), {"run": record.id}
        else:
            st.caption("Start a run, or open one: its network reads your drawings.")
            return
    except (ValueError, RecordsError) as error:
        st.caption(quoted(str(error)))
        return
    st.markdown(verdict(now))
    st.page_link("pages/draw.py", label="Draw a digit for this network", query_params=link)
    if record is not None and record.origin:
        st.button(
            "Open the run it was trained on",
            type="tertiary",
            key="origin",
            on_click=lab.show,
            args=([record.origin],),
        )


def verdict(now: Reader) -> str:
    """Say what a network reads in the learner's drawing."""
    ours = given()
    chances = softmax(now.network.forward(to_input(ours.pixels[None]))[-1])[0]
    digit = int(chances.argmax())
    return f"In {ours.whose}, it reads **{digit}**, with probability {chances[digit]:.3f}."


def _bring_in() -> None:
    file = st.file_uploader(
        "Weights from a file (.npz or .safetensors)",
        ["npz", "safetensors", "pt", "pth"],  # the last two are refused with their reason
        key="weights",
        max_upload_size=20,
    )
    if file is None:
        return
    here = visit()
    if here.weights is None or here.weights[0] != file.file_id:
        # A file is read once, because a large network takes a second and each control makes the
        # page anew.
        here.weights, here.reader, here.unnamed = (file.file_id, ""), None, None
        put({_ASKED: None})
        content = take(file)
        try:
            here.reader = reader.of_file(file.name, content)
        except UnnamedError:
            here.unnamed = content
        except ValueError as error:
            here.weights = file.file_id, str(error)
    if here.unnamed is not None:
        _ask(file.name, here.unnamed)
    if here.reader is None:
        if here.weights[1]:
            st.markdown(refusal(here.weights[1]))
        return
    network = here.reader.network
    st.markdown(f"{network.parameter_count:,} parameters. {verdict(visit().reader)}")
    st.page_link(
        "pages/draw.py",
        label="Draw a digit for this file's network",
        query_params={"run": reader.UPLOAD},
    )
    _train_on(Start(network, visit().reader.whose))


def _ask(name: str, content: bytes) -> None:
    """Ask which architecture the weights of a file have, and read them by the answer."""
    here = visit()
    own = config_room.config(Page(State))[0].architecture
    known = {"As set up on this page": own, **NAMED}
    chosen = st.selectbox(
        "This file does not name its architecture. Which one is it?",
        list(known),
        index=None,
        key=_ASKED,
        placeholder="Choose one",
    )
    mark = here.weights[0] if here.weights else ""
    here.weights, here.reader = (mark, ""), None
    if chosen is None:
        return
    try:
        here.reader = reader.of_file(name, content, known[chosen])
    except ValueError as error:
        here.weights = mark, str(error)


def _train_on(begin: Start) -> None:
    try:
        begin.check(config_room.config(Page(State))[0].architecture)
    except ValueError as problem:
        st.caption(quoted(sentence(problem)))
        return
    st.button(
        "Train on from this file", key="train_on_file", on_click=preset.train_on, args=(begin,)
    )


def offers(record: RunRecord) -> dict[str, take_away.Offer]:
    """Return the files of a run that can be taken away."""
    store = lab.runs().store
    files = _files(
        record.config,
        lambda: store.network(record.id),
        lambda: (event for _, event in store.events(record.id)),
        began=bool(record.began),
    )
    if record.began:
        files["Its first weights"] = ("first.npz", _BINARY, lambda: _first_weights(record))
    return files


def recorded_offers(name: str) -> dict[str, take_away.Offer]:
    """Return the same files of a recorded run."""
    run = recordings.load(name)
    return _files(run.config, lambda: recordings.network(name), lambda: run.events)


def _files(
    config: TrainConfig,
    network: Callable[[], Network],
    events: Callable[[], Iterable[Event]],
    *,
    began: bool = False,
) -> dict[str, take_away.Offer]:
    return {
        "Weights (.npz)": ("npz", _BINARY, lambda: _file(network())),
        "Weights (.safetensors)": ("safetensors", _BINARY, lambda: _file(network(), "safetensors")),
        "PyTorch script": ("py", "text/x-python", lambda: script.text(config, began=began)),
        "Its images": ("images.npz", _BINARY, lambda: script.images_file(*sets.make(config))),
        "History": ("csv", "text/csv", lambda: history.to_csv(events())),
    }


def _first_weights(record: RunRecord) -> bytes:
    start = lab.runs().store.start(record)
    return _file(start.network) if start else b""


def _file(network: Network, ending: str = "npz") -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"network.{ending}"
        network.save(path)
        return path.read_bytes()
