"""The ear: what Python set in controls is followed by it, and it tells once that has arrived."""

from cnnlib.ui.components import register

_mount = register("ear")


def show(*, key: str, speaks: bool = False) -> None:
    """Mount an ear after controls that were set: a browser that has the ear has them too.

    Parameters
    ----------
    key : str
    speaks : bool
        Whether this is the one that tells, for all of the page.
    """
    _mount({"speaks": speaks}, key=key, lasting=True)
