"""Messages of a browser: what is none of an app's visitor goes no further than the door.

Streamlit reads the words of components before any of the app's own code runs, and what it cannot
read becomes a fault. It also takes orders of a developer's browser, such as the one to ask Git for
the state of the program's folder, for which everybody would wait.
"""

import asyncio
import json
import re
from collections.abc import Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from cnnlib import log
from cnnlib.server.visitors import address

DEEPEST = 64  # lists and mappings within each other; components of the app use seven
MOST_PARTS = 100_000  # lists and mappings; to read a million takes seconds of the processor
LONGEST = 2_000_000  # bytes; beyond, Streamlit closes the socket (`server.maxWidgetStateSize`)
MOST = 1_000  # controls of which one message tells; the app's pages have a hundred
_SMALL = 65_536  # bytes up to which a message is looked at in no time
_BROKEN = 1002  # the code with which a socket closes on which somebody breaks the protocol
#: The kinds of messages that a visitor's browser sends.
_KNOWN = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
_CLICKS = {"trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value"}
_KNOWN_OPERATION = "deferred_file"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')


def check(words: str) -> None:
    """Raise ValueError, with a sentence, unless a component's words can be read by anybody."""
    if len(words) > LONGEST:
        raise ValueError(f"A component says {len(words):,} letters: {LONGEST:,} are heard.")
    if (parts := words.count("[") + words.count("{")) > MOST_PARTS:
        raise ValueError(
            f"A component says {parts:,} lists and mappings: {MOST_PARTS:,} are heard."
        )
    try:
        json.loads(words)
    except RecursionError:
        raise ValueError(f"A component's words lie more than {DEEPEST} deep.") from None
    except ValueError as error:
        raise ValueError(f"A component's words are no JSON: {error}.") from None
    if max(_depths(words), default=0) > DEEPEST:
        raise ValueError(f"A component's words lie more than {DEEPEST} deep.")


def _depths(words: str) -> Iterator[int]:
    if words.count("[") + words.count("{") <= DEEPEST:
        return
    depth = 0
    for token in _TOKEN.finditer(words):
        depth += token[0] in ("[", "{")
        depth -= token[0] in ("]", "}")
        yield depth


def read(data: bytes) -> bytes | None:
    """Return what the app is to hear of a message, or None of one for a developer.

    A click may fall between two ticks of a part of the page that is made again by itself. Then the
    browser sends the click with the part's own message, and at once again as a message of the
    click: one press would take two batches. So a part's own message tells of no clicks.

    Raises
    ------
    ValueError
        If it is no message at all; one sentence says why.
    """
    try:
        message = BackMsg.FromString(data)
    except Exception:  # of protobuf's own kind
        raise ValueError("These bytes are no message.") from None
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        payload = message.backend_operation_request.WhichOneof("payload")
        return data if payload == _KNOWN_OPERATION else None
    told = message.rerun_script.widget_states.widgets
    if len(told) > MOST:
        raise ValueError(f"A message tells of {len(told):,} controls: {MOST:,} are heard.")
    for state in told:
        for name in ("json_value", "json_trigger_value"):
            if state.WhichOneof("value") == name:
                check(getattr(state, name))
    if message.rerun_script.is_auto_rerun and any(map(_is_click, told)):
        rest = [state for state in told if not _is_click(state)]
        message.rerun_script.widget_states.ClearField("widgets")
        message.rerun_script.widget_states.widgets.extend(rest)
        data = message.SerializeToString()
    return data if kind in _KNOWN else None


def _is_click(state: WidgetState) -> bool:
    return state.WhichOneof("value") in _CLICKS


class Messages:
    """Middleware that reads each message of a page's socket before the app does.

    Parameters
    ----------
    app : ASGIApp
    path : str
        The socket's path.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a socket on, and close one that says what no browser says."""
        if scope["type"] != "websocket" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return

        async def hear() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                try:
                    heard = await _for_the_app(message)
                    if heard is not None:
                        return {"type": "websocket.receive", "bytes": heard}
                except ValueError as error:
                    log.refused("a message", address(scope), str(error))
                    await send({"type": "websocket.close", "code": _BROKEN})
                    return {"type": "websocket.disconnect", "code": _BROKEN}

        await self._app(scope, hear, send)


async def _for_the_app(message: Message) -> bytes | None:
    data: bytes | None = message.get("bytes")
    if data is None:
        raise ValueError("A page's socket takes bytes, and no text.")
    if len(data) > LONGEST:
        return data
    return read(data) if len(data) <= _SMALL else await asyncio.to_thread(read, data)
