"""Other libraries beside this one: the call that gives the same result, to be read and to be run.

Code in here knows the core; SciPy and PyTorch are imported by the function that runs them, when
somebody asks for it and where they are installed.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# What others call our kinds of padding; PyTorch has no name of its own for "circular".
NUMPY_STYLE = {"reflect": "reflect", "edge": "edge", "circular": "wrap"}
TORCH_STYLE = {"zero": "constant", "reflect": "reflect", "edge": "replicate"}

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Peer:
    """The same result from another library.

    Attributes
    ----------
    name : str
        The library's name.
    module : str
        What has to be installed for it.
    text : str
        The call as a learner would write it.
    run : callable
        Makes that call, with the numbers of the lesson.
    slow : bool
        Whether its import takes so long that it should only run when it is asked for.
    """

    name: str
    module: str
    text: str
    run: Callable[[], ArrayLike]
    slow: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the library is there; it is not imported to find out."""
        return importlib.util.find_spec(self.module) is not None

    def compare(self, result: ArrayLike) -> str:
        """Run the call and say, in one sentence, how far its result is from another one.

        Parameters
        ----------
        result : array_like
            What it should be.
        """
        if not self.is_installed:
            return f"{self.name} is not installed here."
        try:
            theirs = np.asarray(self.run(), float)
        except (ValueError, RuntimeError) as error:
            return f"{self.name} refuses: {str(error).splitlines()[0]}"
        ours = np.asarray(result, float)
        if theirs.shape != ours.shape:
            return f"{self.name} gives another shape: {theirs.shape} instead of {ours.shape}."
        gap = float(np.abs(theirs - ours).max(initial=0))
        same = gap <= _ROUNDING * max(1.0, float(np.abs(ours).max(initial=0)))
        verdict = "gives the same" if same else "differs"
        return f"{self.name} {verdict}: largest difference {gap:.2g}."
