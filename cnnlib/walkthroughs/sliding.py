"""Flip-and-filter: the kernel, flipped for a convolution, slides; one output at a time."""

import numpy as np

from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.links import Links
from cnnlib.walkthroughs.numbers import Numbers


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
    layout: list[tuple[str, ...]] = [("input", parts.sign(links), "kernel", "=", "output")]
    if links.operation == "convolution":
        grids.insert(2, parts.kernel_grid(b, links, f"{b_name}, flipped", flipped=True))
        layout = [("input", "∗", "kernel", "=", "output"), ("flipped",)]
    return Walkthrough(
        links.operation,
        "flip-and-filter",
        links.dimensions,
        tuple(grids),
        tuple(layout),
        terms,
        parts.output_steps(terms, links, _idle(links)),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
    )


def _idle(links: Links) -> list[parts.Also]:
    """Return, for each output, the weights that lie on zero padding, and their places."""
    outputs, places, kernels = links.idle
    ends = np.searchsorted(outputs, np.arange(1, links.output_shape[0] * links.output_shape[1]))
    return [
        {"place": tuple(place.tolist()), "kernel": tuple(kernel.tolist())} if len(place) else {}
        for place, kernel in zip(np.split(places, ends), np.split(kernels, ends), strict=True)
    ]
