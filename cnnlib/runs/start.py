"""What a run begins from in place of random weights: another run's network, or a file's."""

from dataclasses import dataclass

from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.network import Network
from cnnlib.runs.config import FAST

#: Architectures with a name, for a network that fits one of them.
NAMED = {"fast": FAST} | PRESETS


@dataclass(frozen=True, eq=False)
class Start:
    """Weights that a run begins with.

    A network holds no normalisations: they were folded into its layers. A batch-normalised run
    begins with ones that change nothing, see `training.start.begin_from`.

    Parameters
    ----------
    network : Network
    words : str
        Whose weights they are, such as "the file “digits.npz”".
    run : str
        The id of the run that they are of, or "".
    """

    network: Network
    words: str
    run: str = ""

    def check(self, architecture: Architecture) -> None:
        """Raise ValueError, with the first difference and what would fit, unless it fits."""
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
