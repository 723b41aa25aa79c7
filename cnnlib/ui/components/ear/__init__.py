"""The ear: a component that follows controls set by Python, and tells when they have arrived."""

from cnnlib.ui.components import register

_mount = register("ear")


def show(*, key: str, speaks: bool = False) -> None:
    """Mount an ear after controls that were set: a browser that has the ear has them too.

    Parameters
    ----------
    key : str
    speaks : bool
        Whether this ear speaks for the whole page.
    """
    _mount({"speaks": speaks}, key=key, lasting=True)
