"""How the learning rate changes over a run, without torch."""

import math


def one_cycle(done: float) -> float:
    """Rise once and fall: L. N. Smith and N. Topin, "Super-convergence" (2018).

    The share rises linearly from 4% to 100% over the first 15% of the run, then falls along half
    a cosine to 10%.
    """
    if done < 0.15:
        return 0.04 + 0.96 * done / 0.15
    return 0.1 + 0.9 * (1 + math.cos(math.pi * (done - 0.15) / 0.85)) / 2


def share(schedule: str, done: float) -> float:
    """Return the learning rate as a share of the highest one, when a share of the run is done.

    Parameters
    ----------
    schedule : {"constant", "one-cycle", "cosine", "step"}
        "cosine" falls from 100% to 0 as half a cosine; "step" divides by 10 after each third.
    done : float
        0 for the first step, below 1.

    Examples
    --------
    >>> [share("step", done) for done in (0, 0.3, 0.5, 0.9)]
    [1.0, 1.0, 0.1, 0.01]
    """
    match schedule:
        case "one-cycle":
            return one_cycle(done)
        case "cosine":
            return (1 + math.cos(math.pi * done)) / 2
        case "step":
            return 10.0 ** -math.floor(3 * done)
    return 1.0
