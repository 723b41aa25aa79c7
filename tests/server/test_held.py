"""A file is taken where a page asks for one, and is held until the page has read it."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from cnnlib.server import held
from cnnlib.ui import uploads
from tests.server.raw import ask, frame, messages, open_socket


def tab_on(served, page):
    """Open a page in a tab; return its wire and its name."""
    order = BackMsg()
    order.rerun_script.page_name = page
    wire, _ = open_socket(served, Origin=served)
    wire.sendall(frame(order.SerializeToString()))
    name = ""
    for message in map(ForwardMsg.FromString, messages(wire)):
        name = message.new_session.initialize.session_id or name
        if message.WhichOneof("type") == "script_finished":
            return wire, name
    raise AssertionError("the page was not made")


@pytest.mark.parametrize(("page", "status"), [("receptive_fields", 403), ("talks", 204)])
def test_a_file_is_taken_only_where_a_page_asks_for_one(served, page, status):
    cookies = [value for name, value in ask(served, "/_stcore/health")[1] if name == "set-cookie"]
    token = next(one for one in cookies if "xsrf" in one).partition(";")[0]
    head = 'Content-Disposition: form-data; name="file"; filename="x.talk"'
    body = f"--b\r\n{head}\r\n\r\nnothing\r\n--b--\r\n".encode()
    wire, tab = tab_on(served, page)
    more = {
        "Content_Type": "multipart/form-data; boundary=b",
        "Cookie": token,
        "X_Xsrftoken": token.partition("=")[2],
    }
    told = ask(served, f"/_stcore/upload_file/{tab}/1", "PUT", body, **more)
    wire.close()
    assert told[0] == status
    assert (b"asks for no file" in told[2]) == (status == 403)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("headers", [{}, {"Cookie": "_streamlit_xsrf=a", "X_Xsrftoken": "b"}])
def test_a_file_of_somebody_without_the_servers_token_is_refused(served, method, headers):
    wire, tab = tab_on(served, "talks")
    status, _, told = ask(served, f"/_stcore/upload_file/{tab}/1", method, b"x", **headers)
    wire.close()
    assert status == 403
    assert b"asks for no file" not in told


@pytest.fixture
def files(monkeypatch):
    """Return files that are held in the place of this server's."""
    manager = MemoryUploadedFileManager("")
    monkeypatch.setattr(held, "asks", lambda _: True)
    monkeypatch.setattr(held, "MOST", 100)
    monkeypatch.setattr(held, "MOST_OF_TAB", 3)
    here = SimpleNamespace(uploaded_file_mgr=manager)
    monkeypatch.setattr(runtime, "get_instance", lambda: here)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    return manager


def send(files, *coming):
    """Send files by tab, name and size through the door; return those that are held.

    A file of no size is read by its page.
    """

    async def app(scope, receive, _):
        *_, tab, name = scope["path"].split("/")
        files.add_file(tab, UploadedFileRec(name, name, "", bytes(receive)))

    async def live():
        door = held.Held(app)
        for tab, name, size in coming:
            if size:
                path = f"/base/_stcore/upload_file/{tab}/{name}"
                await door({"type": "http", "method": "PUT", "path": path}, size, None)
            else:
                read(files, tab, name)

    asyncio.run(live())
    return {tab: [*named] for tab, named in files.file_storage.items() if named}


def read(files, tab, name):
    (one,) = files.get_files(tab, [name])
    assert uploads.take(SimpleNamespace(file_id=name, getvalue=lambda: one.data)) == one.data != b""
    assert files.get_files(tab, [name])[0].data == b""


def test_the_oldest_files_go_and_a_file_that_was_read_stays(files):
    coming = ("a", "1", 40), ("b", "2", 60), ("a", "1", 0), ("c", "3", 41), ("c", "4", 59)
    assert send(files, *coming) == {"a": ["1"], "c": ["3", "4"]}


def test_a_tab_holds_so_many_files(files):
    assert send(files, *(("a", str(n), 1) for n in range(5))) == {"a": ["2", "3", "4"]}
