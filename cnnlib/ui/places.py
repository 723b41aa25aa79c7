"""Places in which whole pages are made: two at a time.

When a class opens a link at once, the first visitors have their page soon, instead of all visitors
late. A visitor who draws meanwhile does not wait here, because a fragment answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local

AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)
_mine = local()


@contextmanager
def place() -> Iterator[None]:
    """Wait for a place, and hold it."""
    with _places:
        _mine.held = True
        try:
            yield
        finally:
            _mine.held = False


@contextmanager
def without_place() -> Iterator[None]:
    """Give the place back, if a page is made here, while something else than the page works.

    Two pages that wait for processes would otherwise keep everybody from opening one.
    """
    held = getattr(_mine, "held", False)
    if held:
        _places.release()
    try:
        yield
    finally:
        if held:
            _places.acquire()
