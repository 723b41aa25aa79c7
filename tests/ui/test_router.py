"""Pages are made a few at a time, so that a class which opens one link gets its pages sooner."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from cnnlib.ui import router


def test_of_a_crowd_two_pages_are_made_at_once_and_one_that_fails_makes_way():
    lock, seen = threading.Lock(), []
    inside = 0

    def run():
        nonlocal inside
        with lock:
            inside += 1
            seen.append(inside)
        time.sleep(0.01)
        with lock:
            inside -= 1
        raise RuntimeError("this page is stopped")

    with ThreadPoolExecutor(12) as crowd:
        made = [crowd.submit(router._make, SimpleNamespace(run=run)) for _ in range(12)]
    assert all("is stopped" in str(page.exception()) for page in made)
    assert len(seen) == 12
    assert max(seen) == 2
