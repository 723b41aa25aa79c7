"""The network that reads the learner's drawing: the shipped one, a run's, or a file's."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cnnlib.budget import times
from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.figures.scales import LayerScale, layer_scales
from cnnlib.models.architecture import Architecture
from cnnlib.models.safetensors import SUFFIX, is_name
from cnnlib.models.shipped import shipped_network
from cnnlib.network import Network, UnnamedError
from cnnlib.runs import recordings
from cnnlib.runs import service as runs
from cnnlib.runs.service import RunsError
from cnnlib.storage.database import RecordsError

UPLOAD = "upload"


@dataclass(frozen=True, eq=False)
class Reader:
    """A network that reads drawings.

    Attributes
    ----------
    network : Network
    scales : tuple of LayerScale
        The colour scales of its maps.
    whose : str
        The network's name in words; empty for the shipped network.
    """

    network: Network
    scales: tuple[LayerScale, ...]
    whose: str = ""


def of_names(run: str | None, recorded: str | None) -> tuple[Reader, str]:
    """Return the named network, or the shipped one and a sentence that says why.

    Parameters
    ----------
    run : str or None
        A run's id, for the run's latest network; "upload" for the file of a tab.
    recorded : str or None
        A recorded run's name.
    """
    try:
        if recorded is not None:
            return of_recording(recorded), ""
        if run not in (None, UPLOAD):
            return of_run(run), ""
    except (ValueError, RecordsError) as error:
        note = f"{error} The shipped network reads instead."
    else:
        lost = "The weights of a file stay in the tab that took them in. "
        note = "" if run is None else f"{lost}The shipped network reads instead."
    return shipped(), note


@cache
def shipped() -> Reader:
    """Return the shipped network, ready to read."""
    return Reader(shipped_network(), _scales(shipped_network()))


def of_run(name: str) -> Reader:
    """Return the network of a run at its last measurement.

    Raises
    ------
    RunsError, RecordsError
        If there is no such run, or its weights do not exist yet or are gone.
    """
    service = runs.of_this_server()
    record = service.run(name)
    numbers = service.store.numbers(name)
    if not numbers:
        raise RunsError("This run has not measured its network yet.")
    network, scales = _of_run(name, numbers[-1])
    return Reader(network, scales, f"the network of the run “{record.title}”")


@lru_cache(maxsize=32)
def _of_run(name: str, number: int) -> tuple[Network, tuple[LayerScale, ...]]:
    """Return the network of a run as it was at an event, and the colour scales of its maps."""
    network = runs.of_this_server().store.network(name, number)
    return network, _scales(network)


@lru_cache(maxsize=8)
def of_recording(name: str) -> Reader:
    """Return the network of a recorded run.

    Raises
    ------
    ValueError
        If there is no such recording, or its files are damaged.
    """
    network = recordings.network(name)
    title = recordings.load(name).title
    return Reader(network, _scales(network), f"the network of the recorded run “{title}”")


def of_file(name: str, content: bytes, architecture: Architecture | None = None) -> Reader:
    """Return the network of a .npz or .safetensors file, which may come from a stranger.

    Parameters
    ----------
    name : str
    content : bytes
    architecture : Architecture, optional
        The architecture of weights whose file does not name one.

    Raises
    ------
    UnnamedError
        If the file does not name its architecture, and none is given.
    ValueError
        If the file holds no network of this program, or one that doesn't read digits.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"weights{SUFFIX if is_name(name) else '.npz'}"
        path.write_bytes(content)
        try:
            network = _loaded(path, architecture)
        except UnnamedError:
            raise
        except ValueError as error:
            raise ValueError(str(error).replace(path.name, f"“{name[:60]}”")) from None
    if network.input_shape != (1, 28, 28) or network.shapes[-1] != (10,):
        raise ValueError(
            f"“{name[:60]}” reads {network.input_shape} and answers {network.shapes[-1]}: "
            "use a network that reads (1, 28, 28) and answers (10,)"
        )
    try:
        scales = _scales(network)
    except ValueError as error:
        raise ValueError(f"“{name[:60]}” can't read here: {error}") from None
    return Reader(network, scales, f"the network of the file “{name[:60]}”")


def _loaded(path: Path, architecture: Architecture | None) -> Network:
    """Return the network of a file; its own text of an architecture goes before another one."""
    try:
        return Network.load(path)
    except UnnamedError as problem:
        if problem.architecture:
            architecture = Architecture.from_text(problem.architecture)
        if architecture is None:
            raise
    network = Network.load(path, architecture.network().plan)
    try:
        architecture.check(network)
    except ValueError as problem:
        raise ValueError(f"{path.name} does not fit: {problem}") from None
    return network


def _scales(network: Network) -> tuple[LayerScale, ...]:
    """Return the colour scales of a digit network's maps, fixed by up to ten sample digits."""
    count = min(10, times(network.cost))  # a large network is known by fewer of them
    return layer_scales(network, to_input(built_in(10).images[:count]))
