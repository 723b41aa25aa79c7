"""Calls of other libraries that give the same result as this one, to be read and to be run.

Code in here knows the core. SciPy and PyTorch are imported by the function that runs them, when
somebody asks for their result, and only if they are installed.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# The names that NumPy gives to the kinds of padding.
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
        The module that has to be installed for the call.
    text : str
        The call as a learner would write it.
    run : callable
        Makes that call on the numbers of the lesson.
    slow : bool
        Whether the import takes so long that the call should only run when somebody asks for it.
    """

    name: str
    module: str
    text: str
    run: Callable[[], ArrayLike]
    slow: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the library is installed, found out without importing it."""
        return importlib.util.find_spec(self.module) is not None

    def compare(self, result: ArrayLike) -> str:
        """Run the call and say, in one sentence, how far its result is from another one.

        Parameters
        ----------
        result : array_like
            The result to compare with.
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
