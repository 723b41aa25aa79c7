"""What this tab gives a lesson."""

from cnnlib.lessons.given import Given
from cnnlib.ui.session import keep_in_link, visit


def given() -> Given:
    """Return what the tab's learner brought; the drawing also stands in the link from now on."""
    keep_in_link(visit().drawing)
    return Given(visit().drawing)
