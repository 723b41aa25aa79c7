"""Lessons whose figure is a walkthrough: the methods that can tell it, and the step to draw."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import Film, film
from cnnlib.figures.scene import Scene
from cnnlib.figures.scene import scene as draw
from cnnlib.walkthroughs.form import Method, Walkthrough

METHODS: tuple[Method, ...] = get_args(Method)


def tell(
    build: Callable[[Any], Walkthrough], methods: Sequence[str] = METHODS
) -> tuple[list[Walkthrough], list[str]]:
    """Tell an operation by each method, with a remark for each method that cannot tell it.

    Parameters
    ----------
    build : callable
        Takes the method's name.
    methods : sequence of str

    Returns
    -------
    walkthroughs : list of Walkthrough
        The walkthroughs, of which the first method's is always there.
    remarks : list of str
        Sentences that say why other methods are missing.

    Raises
    ------
    ValueError
        If even the first method cannot tell the operation.
    """
    walks, remarks = [build(methods[0])], []
    for method in methods[1:]:
        try:
            walks.append(build(method))
        except ValueError as error:
            remarks.append(f"{method.capitalize()} is not shown: {error}.")
    return walks, remarks


def opening_step(walk: Walkthrough) -> int:
    """Return the step that shows the most: the first one of those with the most products."""
    sizes = [stop - start for start, stop in (step.terms for step in walk.steps)]
    return sizes.index(max(sizes))


def filmed(walks: Sequence[Walkthrough], lead: int, theme: Theme) -> Film:
    """Draw all steps of one of several walkthroughs, the last one if there are fewer."""
    return film(walks[min(lead, len(walks) - 1)], theme)


def drawn(
    walks: Sequence[Walkthrough], lead: int, step: int | None, usual: int | None, theme: Theme
) -> Scene:
    """Draw one step of one of several walkthroughs.

    Parameters
    ----------
    walks : sequence of Walkthrough
    lead : int
        The number of the walkthrough; the last one if there are fewer.
    step : int or None
        The step; the last one if there are fewer; None for the usual one.
    usual : int or None
        The step to draw if none is given; None for the one that shows the most.
    theme : {"light", "dark"}
    """
    walk = walks[min(lead, len(walks) - 1)]
    if step is None:
        step = opening_step(walk) if usual is None else usual
    return draw(walk, min(step, len(walk.steps) - 1), theme)
