"""One line for each thing that is refused or failed, and never a flood of lines.

A line names no address: visitors are told apart by marks that mean nothing after the server has
ended.
"""

import logging
import sys
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from time import monotonic

_QUIET_S = 10.0  # a visitor's next line of the same kind comes only then, with the count
_LONGEST = 500  # letters of a sentence
_MOST = 1000  # visitors and kinds whose lines are counted
_SECRET = token_bytes(16)

#: Loggers of Streamlit's that write a trace for each message which a stranger has made up.
_TRACES = (
    "streamlit.error_util",
    "streamlit.components.v2.bidi_component.serialization",
    "streamlit.runtime.app_session",
)

_log = logging.getLogger("classroom")
_said: dict[tuple[str, str], tuple[float, int]] = {}
_lock = Lock()


def begin() -> None:
    """Have the lines go to standard error, where the system's own log hears them."""
    if not _log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("classroom %(levelname)s %(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False
    for name in _TRACES:
        logging.getLogger(name).addFilter(_is_new)


def _is_new(record: logging.LogRecord) -> bool:
    """Return whether a trace is none that was written a moment ago, because a trace is long."""
    kind, where = (record.exc_info or (None, None))[:2]
    return kind is None or bool(_due((f"{kind.__name__}: {where}"[:200], record.name)))


def mark(address: str) -> str:
    """Return a short mark of an address, from which nobody can tell the address."""
    return blake2b(address.encode(), key=_SECRET, digest_size=3).hexdigest()


def refused(kind: str, address: str, sentence: str) -> None:
    """Write that something was refused, unless the same was written a moment ago."""
    visitor = mark(address)
    # The sentence may quote a learner, and a line stays one line.
    sentence = "".join(sign if sign.isprintable() else " " for sign in sentence[:_LONGEST])
    if more := _due((kind, visitor)):
        _log.warning("refused %s to visitor %s: %s%s", kind, visitor, sentence, more.strip("."))


def failed(what: str, why: object) -> None:
    """Write that something of the server's own failed, unless the same was written a moment ago."""
    if more := _due((what, "")):
        _log.error("failed: %s: %.500r%s", what, str(why), more.strip("."))


def _due(key: tuple[str, str]) -> str:
    """Return how a line ends that is due, "." if it is the first of its kind; "" if it is not."""
    now = monotonic()
    with _lock:
        if len(_said) >= _MOST:
            for old in [one for one, (at, _) in _said.items() if at < now - _QUIET_S] or [*_said]:
                del _said[old]
        at, silent = _said.get(key, (-_QUIET_S, 0))
        if now - at < _QUIET_S:
            _said[key] = (at, silent + 1)
            return ""
        _said[key] = (now, 0)
    return f" ({silent:,} more since the last line)" if silent else "."
