"""A file that is made once it is asked for: where there is none, one sentence stands at its button.

Streamlit's own sentence says only that there is no file, and each refusal writes a trace. The
browser shows the sentence as plain text.
"""

import asyncio
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime.backend_operation_handler import DeferredFileHandler

from cnnlib import log
from cnnlib.lessons.fields import sentence

FAULT = "This file met a fault of the app, which stands in the server's log."
GONE = "This file is offered no more: open the page anew."
MOST_OF_TAB = 4  # files that are made for one tab at a time
BUSY = f"{MOST_OF_TAB} files are being made for this tab: wait for one of them."
#: Threads of their own, because a file may take minutes, and the loop's read large messages.
_MAKERS = ThreadPoolExecutor(16, "file")
_made: Counter[str] = Counter()  # by tab, the files that are being made


class _BusyError(Exception):
    pass


@contextmanager
def _in_turn(tab: str) -> Iterator[None]:
    if _made[tab] >= MOST_OF_TAB:
        raise _BusyError
    _made[tab] += 1
    try:
        yield
    finally:
        _made[tab] -= 1
        if not _made[tab]:
            del _made[tab]


async def _make(
    handler: DeferredFileHandler, request: Any, session_id: str
) -> BackendOperationResponse:
    """Make a file, and answer with its address or with a sentence."""
    make = handler._get_media_file_mgr().execute_deferred
    answer = BackendOperationResponse(request_id=request.request_id)
    try:
        with _in_turn(session_id):
            loop, name = asyncio.get_running_loop(), request.deferred_file.file_id
            url = await loop.run_in_executor(_MAKERS, make, name)
        answer.deferred_file.CopyFrom(DeferredFileResponsePayload(url=url))
    except _BusyError:
        answer.error_msg = BUSY
    except Exception as error:  # of Streamlit's own kind; its cause is the reason
        answer.error_msg = _told(error.__cause__, session_id)
    return answer


def _told(why: BaseException | None, session_id: str) -> str:
    if why is None:
        return GONE
    if isinstance(why, ValueError):
        told = sentence(why)
        log.refused("a file", session_id, told)
        return told
    (place,) = traceback.extract_tb(why.__traceback__)[-1:]
    log.failed("a file", f"{type(why).__name__} in {place.name}, line {place.lineno}: {why}")
    return FAULT


def guard() -> None:
    """Have Streamlit answer so."""
    DeferredFileHandler.handle = _make  # type: ignore[method-assign, assignment]
