"""A page's socket takes what a visitor's browser sends, and nothing else."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from cnnlib.server import messages
from cnnlib.server.messages import DEEPEST, check, read
from tests.server.raw import closing, frame, open_socket

BROKEN = 1002


def of_component(words):
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id="a", json_value=words)
    return message.SerializeToString()


def deep(count):
    return "[" * count + "]" * count


@pytest.mark.parametrize(
    "words", ['{"a": [1, 2.5, null]}', "{}", deep(DEEPEST), '"' + "[" * 999 + '"']
)
def test_words_of_components_pass(words):
    assert read(of_component(words))


@pytest.mark.parametrize("many", [[{"points": [1, 2, 3]}] * 400, ["[" * 99, '\\"{'] * 99])
def test_many_lists_beside_each_other_are_not_deep(many):
    check(json.dumps({"said": many}))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (deep(DEEPEST + 1), "more than 64 deep"),
        (deep(900), "more than 64 deep"),
        ("[" * 100_000, "more than 64 deep"),
        ('{"a":' * 100_000, "more than 64 deep"),
        (f"[{'[],' * 600_000}[]]", "600,002 lists and mappings: 100,000 are heard"),
        ("9" * 5000, "no JSON"),
        ("{a", "no JSON"),
        ('"' + '\\"' * 500_000, "no JSON"),
    ],
)
def test_words_that_nobody_could_read_are_refused(words, told):
    with pytest.raises(ValueError, match=told):
        read(of_component(words))


def test_a_message_tells_of_no_more_controls_than_a_page_has():
    message = BackMsg()
    for n in range(messages.MOST):
        message.rerun_script.widget_states.widgets.add(id=str(n), string_value="x")
    assert read(message.SerializeToString())
    message.rerun_script.widget_states.widgets.add(id="one more")
    with pytest.raises(ValueError, match="1,001 controls: 1,000 are heard"):
        read(message.SerializeToString())


def test_a_click_comes_once_though_a_part_of_the_page_told_of_it_too():
    message = BackMsg()
    told = message.rerun_script.widget_states.widgets
    told.add(id="batch", trigger_value=True)
    told.add(id="pick", json_trigger_value="[1]")
    told.add(id="rate", double_value=0.5)
    click = message.SerializeToString()
    assert read(click) == click
    message.rerun_script.is_auto_rerun = True
    heard = BackMsg.FromString(read(message.SerializeToString())).rerun_script
    assert [(state.id, state.double_value) for state in heard.widget_states.widgets] == [
        ("rate", 0.5)
    ]
    assert heard.is_auto_rerun


def test_orders_of_a_developer_go_no_further():
    for order in ("load_git_info", "clear_cache", "set_run_on_save", "debug_shutdown_runtime"):
        assert not read(BackMsg(**{order: True}).SerializeToString())
    skills = BackMsg()
    skills.backend_operation_request.install_skills.SetInParent()
    assert not read(skills.SerializeToString())
    notes = BackMsg()
    notes.backend_operation_request.deferred_file.file_id = "a"
    assert read(notes.SerializeToString())
    assert read(BackMsg(stop_script=True).SerializeToString())


def test_a_large_message_is_read_beside_the_loop(monkeypatch):
    beside = []
    monkeypatch.setattr(messages.asyncio, "to_thread", lambda *_: beside.append(1) or _done())

    async def _done():
        return True

    def ask(size):
        return asyncio.run(messages._for_the_app({"bytes": of_component('"' + "a" * size + '"')}))

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(ask, 100).result()
        assert not beside
        assert thread.submit(ask, 100_000).result()
        assert beside


@pytest.mark.parametrize("said", [b"\xff" * 9, of_component("[" * 5000), of_component("9" * 5000)])
def test_a_socket_that_says_what_no_browser_says_is_closed(served, said):
    wire, status = open_socket(served)
    assert status == 101
    wire.sendall(frame(said))
    assert closing(wire) == BROKEN
