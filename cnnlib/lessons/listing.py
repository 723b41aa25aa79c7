"""The pages in the order in which they are taught: what the menu shows and the tests walk."""

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
        The menu that lists it.
    title : str
        What the menu and the browser's tab call it. There are no icons, because Streamlit has
        the browser fetch a page's icon from a host that is not ours.
    """

    stem: str
    section: str
    title: str


# The first one opens when the address names none.
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
    """Return the lesson of a page as its type of states, or None where the page is none.

    Parameters
    ----------
    stem : str
        Of anybody's.
    """
    module = f"{__package__}.{stem}"
    if stem not in {lesson.stem for lesson in LESSONS} or find_spec(module) is None:
        return None
    return import_module(module).State
