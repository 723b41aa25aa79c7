"""Flip-and-filter: the kernel, flipped for a convolution, slides; one output at a time."""

import numpy as np

from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.links import Links
from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.words import Lines, Panel, Words


def flip_and_filter(a: Numbers, b: Numbers, links: Links) -> Walkthrough:
    """Tell a convolution or cross-correlation one output at a time.

    out_t = Σ_s input_{place(t, s)} · kernel_s: each step lays the kernel over one window.

    Parameters
    ----------
    a, b : Numbers
        Input and kernel.
    links : Links
        Their products.
    """
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    padded = len(links.ghosts) > 0
    if padded:
        columns["place"] = links.place
    terms = parts.terms_of(a, b, columns, links.output)
    a_name, b_name, result = parts.names(links)
    grids = [
        parts.input_grid(a, links, a_name, padded=padded),
        parts.kernel_grid(b, links, b_name),
        parts.output_grid(terms, links, result),
    ]
    layout: Lines = (("input", parts.sign(links), "kernel", "=", "output"),)
    flips = links.operation == "convolution"
    if flips:
        grids.insert(2, parts.kernel_grid(b, links, f"{b_name}, flipped", flipped=True))
        layout += (("flipped",),)
    return Walkthrough(
        links.operation,
        "flip-and-filter" if flips else "slide-and-filter",
        links.dimensions,
        tuple(grids),
        layout,
        _panel(links.dimensions, flips=flips),
        Words("one output at a time", links.nothing),
        terms,
        parts.output_steps(terms, links, _idle(links)),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
    )


def _panel(dimensions: int, *, flips: bool) -> Panel:
    """Return how the kernel is drawn: it slides along a row, and lies beside a picture."""
    kernel = "flipped" if flips else "kernel"
    if dimensions == 1:
        return Panel("slide", (("input",), ("×", kernel), ("Σ", "output")))
    lines = (("input", "×", kernel, "→", "output"),)
    alone = (("input", "×", "kernel", "↻", kernel, "→", "output"),)
    return Panel("lines", lines, alone if flips else None)


def _idle(links: Links) -> list[parts.Also]:
    """Return, for each output, the weights that lie on zero padding, and their places."""
    outputs, places, kernels = links.idle
    ends = np.searchsorted(outputs, np.arange(1, links.output_shape[0] * links.output_shape[1]))
    return [
        {"place": tuple(place.tolist()), "kernel": tuple(kernel.tolist())} if len(place) else {}
        for place, kernel in zip(np.split(places, ends), np.split(kernels, ends), strict=True)
    ]
