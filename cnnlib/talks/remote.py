"""Channels between a speaker's window and a projector's: opened by a short code, holding wishes.

All windows are sessions of one server process, so a channel is an object in its memory. The
projector's window opens the channel, and a window without the code drives nothing. The code is
short, because it is read aloud; therefore the projector's own window has a long name instead,
which nobody can guess.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from secrets import choice, token_urlsafe
from threading import Lock

from cnnlib.allowance import Allowance

# Letters and digits without those that look alike on a projector.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 6
EXPIRES_S = 2 * 3600  # counted from the last message of the projector's window
MOST = 2000  # channels in all
MOST_OF_ADDRESS = 250  # channels of one address: a lecture hall in which everybody has one
_WINDOW_S = 60.0
_MOST_WRONG = 10  # wrong codes of one browser in a minute
_MOST_WRONG_OF_ADDRESS = 60  # after them, its codes are looked up slowly
_SLOWLY_S = 0.5  # from one look to the next


@dataclass
class Channel:
    """The state that a speaker's windows and one projector's window share.

    Attributes
    ----------
    code : str
        The code that a speaker types.
    window : str
        The channel's name in the projector's window.
    talk_id : str
    beat : int
        The projector's beat, from 1; 0 before the first beat.
    serial : int
        Number of the last wish.
    wanted : int
        The beat that was asked for.
    blank, play : bool
        Whether the screen should be blank, and whether the last wish was to play or pause.
    started : float
        When the talk began, in seconds of `time.time`.
    seen : float
        When the projector's window last sent a message.
    address : str
        The address of the projector's window.
    ears : list of callable
        Called after each wish, by the thread that asks; the list itself is never changed.
    """

    code: str
    window: str
    talk_id: str
    beat: int
    started: float
    seen: float
    address: str = ""
    serial: int = 0
    wanted: int = 0
    blank: bool = False
    play: bool = False
    ears: list[Callable[[], None]] = field(default_factory=list, compare=False, repr=False)


class Remotes:
    """All channels of a server. Any thread may call any method."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}  # by code
        self._windows: dict[str, Channel] = {}
        self._of_browser = Allowance(_MOST_WRONG, _WINDOW_S, _now)
        self._of_address = Allowance(_MOST_WRONG_OF_ADDRESS, _WINDOW_S, _now)
        self._slowly = Allowance(1, _SLOWLY_S, _now)
        self._lock = Lock()

    def open(self, talk_id: str, beat: int, elapsed_s: float = 0.0, address: str = "") -> Channel:
        """Open a channel for a projector's window.

        Where all places are taken, a channel makes way whose window is gone: of whichever address
        holds the most channels, the one that was seen first.

        Raises
        ------
        ValueError
            If nobody makes way; one sentence says how many there are.
        """
        now = time.time()
        with self._lock:
            self._forget(now)
            self._leave_room(address)
            code = ""
            while not code or code in self._channels:
                code = "".join(choice(_LETTERS) for _ in range(_LENGTH))
            channel = Channel(code, token_urlsafe(12), talk_id, beat, now - elapsed_s, now, address)
            self._channels[code] = self._windows[channel.window] = channel
        return channel

    def find(self, code: str, who: str, address: str = "") -> Channel:
        """Return the channel of a typed code.

        Parameters
        ----------
        code : str
        who : str
            The browser. One that guesses is soon refused.
        address : str
            Its address. One from which many codes are guessed, by browsers that are made up, is
            slowed down, because others behind it may have the right code.

        Raises
        ------
        ValueError
            If the code is wrong or expired, or too many wrong codes came before; one sentence
            says which.
        """
        now = time.time()
        with self._lock:
            self._forget(now)
            if self._of_browser.left(who) < 1:
                raise ValueError("too many wrong codes: wait a minute, then type it again")
            if self._of_address.left(address) < 1 and not self._slowly.take(address):
                raise ValueError("many wrong codes come from your address: type it again")
            channel = self._channels.get("".join(code.split()).upper()[:_LENGTH])
            if channel is None:
                self._of_browser.take(who)
                self._of_address.take(address)
                raise ValueError(
                    "no projector has this code, or it has expired: press V there for a new one"
                )
            return channel

    def get(self, window: str) -> Channel | None:
        """Return a projector's channel, if it has not expired."""
        return self._windows.get(window)

    def here(self, window: str, talk_id: str, beat: int) -> Channel | None:
        """Note a projector's beat, and return its channel unless that has expired."""
        with self._lock:
            channel = self._windows.get(window)
            if channel:
                channel.talk_id, channel.beat, channel.seen = talk_id, beat, time.time()
            return channel

    def ask(self, channel: Channel, beat: int, *, blank: bool = False, play: bool = False) -> None:
        """Ask the projector for a beat, a blank screen, or to play or pause.

        A beat is asked for by its number, so that two people who press Next at once move the
        projector by one beat.
        """
        with self._lock:
            channel.wanted, channel.blank, channel.play = beat, blank, play
            channel.serial += 1
        for ear in channel.ears:
            ear()

    def lasts(self, channel: Channel) -> bool:
        """Return whether a channel's projector has sent a message lately."""
        return channel.seen > time.time() - EXPIRES_S

    def _forget(self, now: float) -> None:
        for one in [*self._channels.values()]:
            if one.seen < now - EXPIRES_S:
                self._drop(one)

    def _leave_room(self, address: str) -> None:
        held = Counter(one.address for one in self._channels.values())
        if held[address] >= MOST_OF_ADDRESS:
            mine = [one for one in self._channels.values() if one.address == address]
            self._make_way(mine, held, f"your address holds {MOST_OF_ADDRESS} projectors")
        elif len(self._channels) >= MOST:
            self._make_way(self._channels.values(), held, f"{MOST} projectors are open here")

    def _make_way(self, among: Iterable[Channel], held: Counter[str], full: str) -> None:
        gone = [one for one in among if not one.ears]
        if not gone:
            raise ValueError(f"{full}: close one of them, or try again in a while")
        self._drop(max(gone, key=lambda one: (held[one.address], -one.seen)))

    def _drop(self, channel: Channel) -> None:
        del self._windows[self._channels.pop(channel.code).window]


def _now() -> float:
    return time.time()
