"""Files come in only where a page asks for one, and only so many bytes of them are held.

A page reads a file at once and lets its bytes go (`ui/uploads.py`). So whatever is held for longer
is for nobody, and the oldest goes first.
"""

import re
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from cnnlib.server.refusal import refuse

MOST = 256 * 2**20  # bytes of all files that no page has read
MOST_OF_TAB = 32  # files, read or not
_MANY = 10_000  # names of files, after which those that went are forgotten
_PATH = re.compile(r".*/_stcore/upload_file/([^/]+)/([^/]+)")


class Held:
    """Middleware that refuses a file for which no page asks, and lets the oldest files go.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._came: list[tuple[str, str]] = []  # tab and file, the oldest first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        coming = scope["type"] == "http" and scope["method"] == "PUT"
        named = _PATH.fullmatch(scope["path"]) if coming else None
        if not named:
            await self._app(scope, receive, send)
            return
        if not asks(named[1]):
            await refuse(scope, receive, send, 403, "This page asks for no file.")
            return
        await self._app(scope, receive, send)
        self._came.append((named[1], named[2]))
        self._let_go(named[1], runtime.get_instance().uploaded_file_mgr)

    def _let_go(self, tab: str, files: Any) -> None:
        for old in [*files.file_storage.get(tab, {})][:-MOST_OF_TAB]:
            files.remove_file(tab, old)
        if files._total_bytes > MOST or len(self._came) > _MANY:
            kept = []
            for tab, name in self._came:
                one = files.file_storage.get(tab, {}).get(name)
                if one and one.data and files._total_bytes > MOST:
                    files.remove_file(tab, name)
                elif one:
                    kept.append((tab, name))
            self._came = kept


def asks(tab: str) -> bool:
    """Return whether the page that a tab shows has a control that takes a file."""
    manager: Any = runtime.get_instance()
    info = manager._session_mgr.get_active_session_info(tab)
    if info is None:
        return False
    state = info.session.session_state
    return any(
        one.value_type == "file_uploader_state_value"
        for one in [*state._new_widget_state.widget_metadata.values()]
        if one.id in state._old_state or one.id in state._new_widget_state.states
    )
