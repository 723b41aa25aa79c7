"""The server gets ready beside the app, and ends together with its processes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import serve


def test_a_process_gets_ready_to_train_after_the_first_page_and_ends_with_the_server(monkeypatch):
    told = []
    monkeypatch.setattr(serve, "FIRST_PAGE_S", 0.0)
    monkeypatch.setattr(serve.cache, "warm", lambda: told.append("libraries"))
    monkeypatch.setattr(serve.runs, "of_this_server", lambda: told.append("process"))
    monkeypatch.setattr(serve.runs, "close", lambda: told.append("end"))
    monkeypatch.setattr(serve.shelf, "close", lambda: told.append("end of talks"))

    async def live():
        async with serve._warm(None):
            while len(told) < 2:
                await asyncio.sleep(0.001)

    # In a thread of its own, because the browser of other tests has its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(live(), 10))).result()
    assert sorted(told[:2]) == ["libraries", "process"]
    assert told[2:] == ["end", "end of talks"]
