"""Tabs that left: their files and uploads are given back once they may no longer return.

Streamlit keeps the state of a tab for `server.disconnectedSessionTTL` seconds, but looks for old
ones only when another tab leaves. Until then each holds three open files, and all that was
uploaded.
"""

import asyncio
import gc
from typing import Any

from streamlit import runtime

from cnnlib.server.memory import trim

EVERY_S = 20.0


async def tidy(every_s: float = EVERY_S) -> None:
    """Let go of tabs that left, again and again, until this task is cancelled."""
    while True:
        await asyncio.sleep(every_s)
        if forget_left():
            # A session is part of a circle, and its end gives back what it holds.
            gc.collect()
            trim()


def forget_left() -> bool:
    """Let go of the tabs that left for so long that they may not return; tell if there were any."""
    manager: Any = runtime.get_instance()
    kept = manager._session_mgr._session_storage._cache
    before = len(kept._data)
    kept.expire()
    return len(kept._data) < before
