"""Which network reads the learner's drawing: the shipped one, a run's, or one from a file."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cnnlib.figures.scales import LayerScale
from cnnlib.network import Network
from cnnlib.runs import service as runs
from cnnlib.runs.service import RunsError
from cnnlib.storage.database import RecordsError
from cnnlib.ui import cache, link
from cnnlib.ui.session import visit

UPLOAD = "upload"


@dataclass(frozen=True, eq=False)
class Reader:
    """A network that reads drawings.

    Attributes
    ----------
    network : Network
    scales : tuple of LayerScale
        How its maps are painted.
    whose : str
        What it is, in words; empty for the shipped network.
    """

    network: Network
    scales: tuple[LayerScale, ...]
    whose: str = ""


def of_link() -> tuple[Reader, str]:
    """Return the network that the page's link asks for, and why it is the shipped one instead."""
    asked, recorded = link.everything().get("run"), link.everything().get("recorded")
    if asked == UPLOAD and visit().reader is not None and recorded is None:
        return visit().reader, ""
    return of_names(asked, recorded)


def of_names(run: str | None, recorded: str | None) -> tuple[Reader, str]:
    """Return the network that is asked for, and why it is the shipped one instead.

    Parameters
    ----------
    run : str or None
        A run's id, for its network as it is now; "upload" for the file of a tab.
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
    return Reader(cache.shipped_network(), cache.shipped_scales()), note


def of_run(name: str) -> Reader:
    """Return the network of a run at its last measurement.

    Raises
    ------
    RunsError, RecordsError
        If there is no such run, or it has no weights yet or any more.
    """
    service = runs.of_this_server()
    record = service.run(name)
    numbers = service.store.numbers(name)
    if not numbers:
        raise RunsError("This run has not measured its network yet.")
    network, scales = cache.run_network(name, numbers[-1])
    return Reader(network, scales, f"the network of the run “{record.title}”")


def of_recording(name: str) -> Reader:
    """Return the network of a recorded run.

    Raises
    ------
    ValueError
        If there is no such recording, or its files are damaged.
    """
    network, scales = cache.recorded_network(name)
    return Reader(
        network, scales, f"the network of the recorded run “{cache.recording(name).title}”"
    )


def of_file(name: str, content: bytes) -> Reader:
    """Return the network of a .npz or .safetensors file that may come from anybody.

    Raises
    ------
    ValueError
        If it is no network of this program, or doesn't read digits.
    """
    with TemporaryDirectory() as folder:
        ending = ".safetensors" if name.endswith(".safetensors") else ".npz"
        path = Path(folder) / f"weights{ending}"
        path.write_bytes(content)
        try:
            network = Network.load(path)
        except ValueError as error:
            raise ValueError(str(error).replace(path.name, f"“{name[:60]}”")) from None
    if network.input_shape != (1, 28, 28) or network.shapes[-1] != (10,):
        raise ValueError(
            f"“{name[:60]}” reads {network.input_shape} and answers {network.shapes[-1]}: "
            "use a network that reads (1, 28, 28) and answers (10,)"
        )
    return Reader(network, cache.scales_of(network), f"the network of the file “{name[:60]}”")
