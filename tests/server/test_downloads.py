"""Where a file can't be made there is one sentence, and no trace or path of the server's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

import serve
from cnnlib import log
from cnnlib.server import downloads


@pytest.fixture
def lines(monkeypatch):
    said = []
    monkeypatch.setattr(log, "refused", lambda *words: said.append(words))
    monkeypatch.setattr(log, "failed", lambda *words: said.append(words))
    return said


def answer(make):
    """Ask for a file, and return the answer to the browser."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    name = manager.add_deferred(make, "image/gif", "0.0", "a.gif") if make else "nobody's"
    order = BackMsg().backend_operation_request
    order.request_id, order.deferred_file.file_id = "7", name
    handler = DeferredFileHandler(lambda: manager)
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already
        found = thread.submit(lambda: asyncio.run(handler.handle(order, "tab"))).result()
    assert found.request_id == "7"
    return found


def raising(error):
    def make():
        raise error

    return make


def test_streamlit_answers_through_here():
    assert serve.downloads is downloads
    assert DeferredFileHandler.handle is downloads._make


def test_a_file_that_is_made_is_given(lines):
    found = answer(lambda: b"GIF89a")
    assert found.deferred_file.url.startswith("/media/")
    assert (found.error_msg, lines) == ("", [])


def test_a_refused_file_shows_its_own_sentence(lines):
    found = answer(raising(ValueError("this took longer than 30 seconds and was ended")))
    told = "This took longer than 30 seconds and was ended."
    assert (found.error_msg, lines) == (told, [("a file", "tab", told)])


def test_a_fault_shows_nothing_of_the_servers(lines):
    found = answer(raising(OSError("/home/keeper/secret")))
    assert found.error_msg == downloads.FAULT
    ((what, why),) = lines
    assert what == "a file"
    assert "OSError in make, line" in why


def test_a_file_that_is_offered_no_more_is_said_to_be(lines):
    assert (answer(None).error_msg, lines) == (downloads.GONE, [])


def test_files_that_take_long_keep_neither_large_messages_nor_other_tabs_waiting(lines):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    handler, go_on = DeferredFileHandler(lambda: manager), Event()

    def make():
        go_on.wait(30)
        return b"GIF89a"

    async def ask(tab):
        order = BackMsg().backend_operation_request
        order.deferred_file.file_id = manager.add_deferred(make, "image/gif", "0.0", "a.gif")
        return await handler.handle(order, tab)

    async def ask_often():
        asked = [asyncio.ensure_future(ask(f"tab {number % 4}")) for number in range(40)]
        await asyncio.sleep(0)
        heard = await asyncio.wait_for(asyncio.to_thread(str, "a large message"), 10)
        go_on.set()
        return heard, [(await one).error_msg for one in asked]

    with ThreadPoolExecutor(1) as thread:
        heard, told = thread.submit(lambda: asyncio.run(ask_often())).result()
    assert heard == "a large message"
    assert told.count("") == 4 * downloads.MOST_OF_TAB
    assert told.count(downloads.BUSY) == 40 - 4 * downloads.MOST_OF_TAB
    assert not downloads._made
