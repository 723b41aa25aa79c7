"""The lessons in the order in which they are taught: what the menu shows and the tests walk."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True)
class Lesson:
    """One page.

    Attributes
    ----------
    stem : str
        Name of the file in `pages/` without its ending, and the page's path in the address.
    section : str
        The menu that lists it.
    title : str
        What the menu and the browser's tab call it. There are no icons: Streamlit has the
        browser fetch a page's icon from a host that is not ours.
    """

    stem: str
    section: str
    title: str

    @property
    def path(self) -> Path:
        """The script that shows the lesson."""
        return PAGES / f"{self.stem}.py"


# The first one opens when the address names none.
LESSONS = (
    Lesson("draw", "See", "Draw a digit"),
    Lesson("convolution_1d", "Operations", "Convolution in 1D"),
    Lesson("convolution_2d", "Operations", "Convolution in 2D"),
    Lesson("kernels", "Operations", "Classic kernels"),
    Lesson("conv_layer", "Layers", "The convolution layer"),
    Lesson("pooling", "Layers", "Pooling"),
    Lesson("receptive_fields", "Layers", "Receptive fields"),
    Lesson("train", "Train", "Train a network"),
    Lesson("talks", "Present", "Talks"),
)
