"""What a speaker view asks for reaches the projector's window at once, over a socket of its own.

Streamlit's own way would be a fragment that asks many times a second: that is slower, and costs
the projector's browser a tenth of a core.
"""

import asyncio

from starlette.websockets import WebSocket

from cnnlib.talks.remote import Remotes
from cnnlib.ui.talks.speaker import REMOTES

PATH = "/remote/{window}"  # where the socket is
LOOK_S = 0.01  # between two looks into this process's own memory
NO_SUCH_WINDOW = 4404


async def tell(socket: WebSocket, remotes: Remotes = REMOTES) -> None:
    """Tell a projector's window what is asked of it, until it is gone.

    Parameters
    ----------
    socket : WebSocket
        Its path names the window. `after` in its query is the last wish that the window
        has heard of: what was asked since then is told, and without it only what is asked from
        now on.
    remotes : Remotes
    """
    await socket.accept()
    channel = remotes.get(socket.path_params["window"])
    if channel is None:
        await socket.close(NO_SUCH_WINDOW)
        return
    after = socket.query_params.get("after", "")
    known = after.isascii() and after.isdecimal() and len(after) < 16
    heard = int(after) if known else channel.serial
    # A window says nothing but goodbye.
    gone = asyncio.ensure_future(socket.receive())
    while not gone.done():
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
        await asyncio.wait([gone], timeout=LOOK_S)
