"""A refusal at the door: a status and one sentence, for requests and for sockets alike."""

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from cnnlib import log
from cnnlib.server.visitors import address


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Answer a request or a handshake with a status and a sentence, and log the refusal."""
    log.refused(f"{scope['type']} {status}", address(scope), sentence)
    # The rest of a refused upload is not read, so its connection cannot be used again.
    answer = PlainTextResponse(sentence + "\n", status, {"Connection": "close"})
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await answer(scope, receive, send)
