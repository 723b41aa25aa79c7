"""The things that this tab gives a lesson."""

from cnnlib.lessons.given import Given
from cnnlib.ui import link
from cnnlib.ui.session import keep_in_link, visit


def given() -> Given:
    """Return what the tab's learner brought; the drawing also stands in the link from now on."""
    keep_in_link(visit().drawing)
    return as_linked()


def as_linked() -> Given:
    """Return what the tab's learner brought, and leave the link as it is."""
    named = link.everything()
    return Given(
        visit().drawing,
        named.get("run", ""),
        named.get("recorded"),
        "replay" in named,
        visit().reader,
    )
