"""The pages in the order in which they are taught, for the menu and for the tests."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from cnnlib.lessons.lesson import State


@dataclass(frozen=True)
class Listed:
    """One page.

    Attributes
    ----------
    stem : str
        The page's path in the address. The script in `pages/`, the page in `ui/pages/` and the
        lesson's module beside this one have the same name.
    section : str
        The menu that lists the page.
    title : str
        The page's name in the menu and in the browser's tab. There are no icons, because for an
        icon Streamlit sends the browser to another host.
    """

    stem: str
    section: str
    title: str


# The first page opens when the address names none.
LESSONS = (
    Listed("draw", "See", "Draw a digit"),
    Listed("convolution_1d", "Operations", "Convolution in 1D"),
    Listed("convolution_2d", "Operations", "Convolution in 2D"),
    Listed("kernels", "Operations", "Classic kernels"),
    Listed("conv_layer", "Layers", "The convolution layer"),
    Listed("pooling", "Layers", "Pooling"),
    Listed("receptive_fields", "Layers", "Receptive fields"),
    Listed("train", "Train", "Train a network"),
    Listed("talks", "Present", "Talks"),
)


def find(stem: str) -> type[State] | None:
    """Return the lesson of a page, which is its type of states, or None if the page has none.

    Parameters
    ----------
    stem : str
        A name from a stranger.
    """
    module = f"{__package__}.{stem}"
    if stem not in {lesson.stem for lesson in LESSONS} or find_spec(module) is None:
        return None
    return import_module(module).State
