"""Another library's result for a state, computed beside the server: `compare`."""

import json
from functools import lru_cache
from threading import Lock
from typing import Any

from cnnlib import apart
from cnnlib.lessons import order as orders
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State

SECONDS = 30.0
_MEMORY = 2 * 2**30
_KEPT = 256  # answers


def compare(state: State, given: Given, number: int) -> str:
    """Return how far the result of a state's peer is from the lesson's own, in a sentence.

    Parameters
    ----------
    state : State
    given : Given
        The drawing and the picture that was brought are looked at.
    number : int
        Of the peer among the peers of the state's code.
    """
    order = orders.write(state, given) | {"peer": number}
    # A picture that was brought is one learner's own, and too large for the answer to be kept.
    asked = _asked if "picture" in order else _compared
    try:
        return asked(json.dumps(order))
    except ValueError as error:
        return f"There is no result: {error}."


@lru_cache(maxsize=_KEPT)
def _turn(_: str) -> Lock:
    return Lock()


def _compared(order: str) -> str:
    """Return the answer to an order; a hall that asks the same at once waits for one process."""
    turn = _turn(order)
    if not turn.acquire(timeout=SECONDS):
        raise ValueError(apart.BUSY)
    try:
        return _answered(order)
    finally:
        turn.release()


@lru_cache(maxsize=_KEPT)
def _answered(order: str) -> str:
    return _asked(order)


def _asked(order: str) -> str:
    return apart.ask("cnnlib.lessons.compare", json.loads(order), SECONDS)


def _answer(order: dict[str, Any]) -> str:
    state, given = orders.read(order)
    code = state.code(given)
    if code is None:
        raise ValueError(f"this state of {order['lesson']} has no code")
    return code.peers[order["peer"]].compare(code.result)


if __name__ == "__main__":
    apart.serve(_answer, _MEMORY)
