"""The weights that a run begins with in place of random ones: another run's, or a file's."""

from dataclasses import dataclass

from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.network import Network
from cnnlib.runs.config import FAST

#: The architectures that have a name, to name the one that a network has.
NAMED = {"fast": FAST} | PRESETS


@dataclass(frozen=True, eq=False)
class Start:
    """Weights that a run begins with.

    A network holds no normalisations, because they were folded into its layers. A batch-normalised
    run begins with normalisations that change nothing, see `training.start.begin_from`.

    Parameters
    ----------
    network : Network
    words : str
        The origin of the weights, such as "the file “digits.npz”".
    run : str
        The id of the run that the weights come from, or "".
    """

    network: Network
    words: str
    run: str = ""

    def check(self, architecture: Architecture) -> None:
        """Raise ValueError unless the weights fit; the error names the first difference."""
        try:
            architecture.check(self.network)
        except ValueError as problem:
            name = name_of(self.network)
            fits = f"choose the network “{name}”" if name else "use the layers that it was made of"
            raise ValueError(
                f"{self.words} cannot be trained on with these layers: {problem}; {fits}"
            ) from None


def name_of(network: Network) -> str:
    """Return the name of the known architecture that a network has, or ""."""
    return next((name for name, known in NAMED.items() if _fits(known, network)), "")


def _fits(architecture: Architecture, network: Network) -> bool:
    try:
        architecture.check(network)
    except ValueError:
        return False
    return True
