"""Visitors without a browser: they speak Streamlit's websocket protocol, each in a coroutine.

A visitor sends the same messages as a browser: for each act one message with all values chosen so
far, and for each tick of a fragment that runs again and again one message, the next only after the
answer.
"""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from time import perf_counter
from typing import Any, Self, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from cnnlib.server.faults import SENTENCE
from cnnlib.ui.components import unpack
from cnnlib.ui.owner import COOKIE

_T = TypeVar("_T")
_PATIENCE_S = 120.0
_LARGEST = 2**28
_TIME = "Europe/Berlin"
_EAR = "ear"  # the key of the component that tells for the page
_REMEMBERED = 32  # marks, as in shared/heard.js


class Visitor:
    """One visitor, whom a server cannot tell from a browser's tab.

    Parameters
    ----------
    address : str
        The server's address, with its base path.
    page : str
        The page's path.
    query : str
        The link's part after the question mark.
    owner : str
        The token of the visitor's browser; "" for one that has none yet.
    host : str
        The address that the visitor comes from; "" for the one that the system chooses.

    Attributes
    ----------
    query : str
        The query that the server last set.
    received : int
        Bytes received.
    ticks : list of float
        Seconds that each run took of the fragments which the page runs by itself.
    letters : dict
        For each component, by its key, the letter of its last packet.
    session : str
        The server's name of the session.
    """

    def __init__(
        self, address: str, page: str = "", query: str = "", *, owner: str = "", host: str = ""
    ) -> None:
        self._address, self._page, self.query = address, page, query
        self._owner, self._host = owner, host
        self._socket: ClientConnection | None = None
        self._ids: dict[str, tuple[str, str]] = {}
        self._chosen: dict[str, dict[str, Any]] = {}
        self.letters: dict[str, dict[str, Any]] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._marks: set[int] = set()
        self._asked = False
        self._hash = self._trouble = self.session = ""
        self._finished = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._clocks: dict[str, asyncio.Task[None]] = {}
        self.received = 0
        self.ticks: list[float] = []

    async def __aenter__(self) -> Self:
        await self._connect(["streamlit"])
        return self

    async def come_back(self) -> float:
        """Connect again after the connection broke, and say again all that was said.

        As in a browser, the session that the server still keeps is named in the handshake.

        Returns
        -------
        float
            Seconds until the page is complete.
        """
        await self._leave()
        self._trouble = ""
        await self._connect(["streamlit", "none", self.session])
        return await self.open()

    async def _connect(self, said: list[str]) -> None:
        stream = self._address.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            stream,
            origin=Origin("/".join(self._address.split("/")[:3])),
            subprotocols=[Subprotocol(one) for one in said],
            compression=None,
            max_size=_LARGEST,
            open_timeout=_PATIENCE_S,
            ping_interval=None,
            additional_headers={"Cookie": f"{COOKIE}={self._owner}"} if self._owner else {},
            **({"local_addr": (self._host, 0)} if self._host else {}),
        )
        self._begin(self._listen())

    async def __aexit__(self, *_: object) -> None:
        await self._leave()

    async def _leave(self) -> None:
        for task in (*self._tasks, *self._clocks.values()):
            task.cancel()
        if self._socket:
            await self._socket.close()

    @property
    def controls(self) -> list[str]:
        """The keys of all controls and components on the page."""
        return list(self._ids)

    async def open(self) -> float:
        """Open the page, and return the seconds until it is complete."""
        return await self._run("")

    async def shout(self) -> None:
        """Ask for the page anew, and wait for nothing."""
        assert self._socket
        await self._socket.send(self._request("", by_itself=False))

    async def act(self, key: str, **value: Any) -> float:
        """Change one control, and return the seconds to the end of the answer.

        Parameters
        ----------
        key : str
            The control's key.
        **value
            The value, under the name of its kind in Streamlit's `WidgetState`.
        """
        control, fragment = self._ids[key]
        self._chosen[control] = value
        spent = await self._run(fragment)
        if "trigger_value" in value:
            del self._chosen[control]
        return spent

    async def say(self, key: str, **events: Any) -> float:
        """Have a component say events, and return the seconds to the answer's end."""
        return await self._tell(key, events, {})

    async def keep(self, key: str, **states: Any) -> float:
        """Have a component keep states, and return the seconds to the answer's end."""
        return await self._tell(key, {}, states)

    async def _tell(self, key: str, events: dict[str, Any], states: dict[str, Any]) -> float:
        letter = self.letters[key]
        last, arrival = letter["taken"], letter["arrival"]
        told = [
            {"serial": serial, "name": name, "arrival": arrival, "value": value}
            for serial, (name, value) in enumerate(events.items(), last + 1)
        ]
        state = self._states.setdefault(key, {})
        state |= {name: {"arrival": arrival, "value": value} for name, value in states.items()}
        state["said"] = {
            "session": letter["session"],
            "serial": last + len(told) + 1,
            "heard": sorted(self._marks)[-_REMEMBERED:],
            "events": told,
        }
        spent = await self.act(key, json_value=json.dumps(state))
        if self._asked and key != _EAR:  # as the browser confirms what Python has set
            self._asked = False
            await self.keep(_EAR, touched={})
        return spent

    async def _run(self, fragment: str, *, by_itself: bool = False) -> float:
        async with self._turn:
            self._finished.clear()
            begun = perf_counter()
            assert self._socket
            await self._socket.send(self._request(fragment, by_itself))
            await asyncio.wait_for(self._finished.wait(), _PATIENCE_S)
            if self._trouble:
                raise RuntimeError(self._trouble)
            return perf_counter() - begun

    def _request(self, fragment: str, by_itself: bool) -> bytes:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.fragment_id, asked.is_auto_rerun = self.query, fragment, by_itself
        asked.page_name, asked.page_script_hash = (
            ("", self._hash) if self._hash else (self._page, "")
        )
        asked.context_info.timezone, asked.context_info.locale = _TIME, "en"
        asked.context_info.url = f"{self._address}/{self._page}"
        for control, value in self._chosen.items():
            asked.widget_states.widgets.add(id=control, **value)
        return message.SerializeToString()

    async def _listen(self) -> None:
        assert self._socket
        with suppress(ConnectionClosed):
            async for packet in self._socket:
                assert isinstance(packet, bytes)
                self.received += len(packet)
                self._hear(ForwardMsg.FromString(packet))
        self._trouble = self._trouble or "the server hung up"
        self._finished.set()

    def _hear(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._hash = message.new_session.page_script_hash
                self.session = message.new_session.initialize.session_id
            case "navigation":
                self._hash = message.navigation.page_script_hash
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                shown = message.delta.new_element
                kind = str(shown.WhichOneof("type"))
                if kind == "exception":
                    self._trouble = shown.exception.message
                    return
                if kind == "alert" and shown.alert.body == SENTENCE:
                    self._trouble = SENTENCE
                named = getattr(getattr(shown, kind), "id", "")
                key = named.split("-", 2)[-1]
                self._ids[key] = (named, message.delta.fragment_id)
                if kind == "bidi_component":
                    self._hear_letter(key, unpack(shown.bidi_component.bytes)[0]["letter"])
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                asked = message.auto_rerun
                if old := self._clocks.pop(asked.fragment_id, None):
                    old.cancel()
                clock = self._again(asked.fragment_id, asked.interval)
                self._clocks[asked.fragment_id] = asyncio.create_task(clock)
            case "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self._finished.set()

    def _hear_letter(self, key: str, letter: dict[str, Any]) -> None:
        self.letters[key] = letter
        if letter["mark"] is not None:
            self._marks.add(letter["mark"])
            self._asked = self._asked or bool(letter["controls"])

    async def _again(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            # The answer begins a new clock for the fragment, at which this one ends.
            answer = self._begin(self._run(fragment, by_itself=True))
            self.ticks.append(await asyncio.shield(answer))

    def _begin(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
