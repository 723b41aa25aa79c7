"""An order that is refused gets a sentence on the page, and a line in the log."""

from cnnlib import log
from cnnlib.ui.owner import address


def told(kind: str, error: Exception) -> str:
    """Return why something was refused, and log it; a fault of the server's own is no refusal.

    Parameters
    ----------
    kind : str
        The kind of thing that was asked for.
    error : Exception
    """
    why = str(error)
    if isinstance(error, OSError):
        log.failed(kind, why)
    else:
        log.refused(kind, address(), why)
    return why
