"""A speaker view's wishes reach the projector's window at once, over a socket of their own.

Streamlit's own way would be a fragment that asks many times a second: such a fragment is slower,
and costs the projector's browser a tenth of a core.
"""

import asyncio
from contextlib import suppress

from starlette.websockets import WebSocket

from cnnlib.talks.remote import Remotes
from cnnlib.ui.talks.speaker import REMOTES

PATH = "/remote/{window}"  # path of the socket
NO_SUCH_WINDOW = 4404
TAKEN_OVER = 4409  # code for a window that has opened newer sockets
MOST = 4  # sockets of one window: one may break unseen, and be opened again
_LONGEST_NUMBER = 15  # digits of a wish's number


async def tell(socket: WebSocket, remotes: Remotes = REMOTES) -> None:
    """Tell a projector's window the wishes for it, until the window is gone.

    Parameters
    ----------
    socket : WebSocket
        Its path names the window. `after` in its query is the last wish that the window has heard
        of: later wishes are told. Without `after`, only wishes from now on are told.
    remotes : Remotes
    """
    await socket.accept()
    channel = remotes.get(socket.path_params["window"])
    if channel is None:
        await socket.close(NO_SUCH_WINDOW)
        return
    after = socket.query_params.get("after", "")
    known = after.isascii() and after.isdecimal() and len(after) <= _LONGEST_NUMBER
    heard = int(after) if known else channel.serial
    woken, loop = asyncio.Event(), asyncio.get_running_loop()

    def wake() -> None:  # called by the thread in which somebody asks
        with suppress(RuntimeError):  # the server is ending
            loop.call_soon_threadsafe(woken.set)

    before = channel.ears
    channel.ears = [*before, wake][-MOST:]
    for ear in before[: len(before) + 1 - MOST]:
        ear()
    # A window's only message is its goodbye.
    gone = asyncio.ensure_future(socket.receive())
    try:
        while not gone.done():
            woken.clear()
            if wake not in channel.ears:
                await socket.close(TAKEN_OVER)
                return
            if channel.serial != heard:
                heard = channel.serial
                await socket.send_json(
                    {
                        "serial": heard,
                        "beat": channel.wanted,
                        "blank": channel.blank,
                        "play": channel.play,
                    }
                )
            asked = asyncio.ensure_future(woken.wait())
            await asyncio.wait([gone, asked], return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
    finally:
        gone.cancel()
        channel.ears = [ear for ear in channel.ears if ear is not wake]
