"""The things that a lesson needs from outside: a page gives its tab's, lecture notes a link's."""

from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlib.data import scenes
from cnnlib.data.digits import built_in
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.pictures import Picture
from cnnlib.drawings.reading import read
from cnnlib.lessons.pictures import ABSENT, is_sample, sample_picture
from cnnlib.lessons.reader import UPLOAD, Reader, of_names, shipped_network
from cnnlib.network import Network
from cnnlib.runs import recordings
from cnnlib.runs import service as runs
from cnnlib.runs.history import History, Past

_SAMPLE = 3
MOST_RUNS = 4  # that are shown together


@dataclass(eq=False)
class Given:
    """The things that the learner brought, and those that come with the project.

    Attributes
    ----------
    drawing : Drawing
        The learner's digit, or an empty drawing.
    run : str
        The ids of training runs, with commas between them, or "upload" for `own`.
    recorded : str or None
        The name of a recorded run, which goes before `run`.
    replayed : bool
        Whether the runs are played back.
    own : Reader or None
        The network of a file that the learner brought.
    picture_brought : Picture or None
        The picture that the learner uploaded or took.
    picture_note : str
        Says which changes were made to that picture, or why there is none.
    """

    drawing: Drawing = field(default_factory=Drawing)
    run: str = ""
    recorded: str | None = None
    replayed: bool = False
    own: Reader | None = None
    picture_brought: Picture | None = None
    picture_note: str = ABSENT

    @property
    def network(self) -> Network:
        """The network that comes with the project."""
        return shipped_network()

    @property
    def reader(self) -> Reader:
        """The network that reads drawings: a run's, a file's, or the project's own."""
        return self._reads[0]

    @property
    def reader_note(self) -> str:
        """A sentence that says why the project's own network reads in place of another one."""
        return self._reads[1]

    @cached_property
    def _reads(self) -> tuple[Reader, str]:
        if self.own is not None and self.run == UPLOAD and self.recorded is None:
            return self.own, ""
        return of_names(self.run or None, self.recorded)

    @cached_property
    def past(self) -> tuple[Past, ...]:
        """The recorded run or the runs, with all their events.

        Raises
        ------
        ValueError or OSError
            If one of them doesn't exist or can't be read.
        """
        if self.recorded is not None:
            one = recordings.load(self.recorded)
            return (Past(one.title, one.config, History.of(enumerate(one.events, 1))),)
        found = []
        for name in self.run_names:
            service = runs.of_this_server()
            record = service.run(name)
            told = History.of(service.store.events(name))
            found.append(Past(record.title, record.config, told))
        return tuple(found)

    @property
    def names_runs(self) -> bool:
        """Whether there are runs to be shown, or were to be."""
        return self.recorded is not None or bool(self.run_names)

    @property
    def run_names(self) -> list[str]:
        """The ids of the runs, as many as are shown together."""
        return [name for name in self.run.split(",") if name][:MOST_RUNS]

    def picture(self, source: str) -> tuple[Picture, str]:
        """Return the picture of a source, and a sentence about it, or "".

        Parameters
        ----------
        source : str
            One of `pictures.SOURCES`. If the learner has brought no such picture, the house is
            returned, and the sentence says so.
        """
        if is_sample(source):
            return sample_picture(source), ""
        if source == "drawing":
            return (
                (self._drawn, "") if self.drawing else (sample_picture("scene"), self.picture_note)
            )
        return self.picture_brought or sample_picture("scene"), self.picture_note

    @cached_property
    def _drawn(self) -> Picture:
        return Picture(scenes.drawn(self.drawing))

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """The framed drawing, shape (28, 28), or a sample digit if nothing is drawn."""
        seen = read(self.network, self.drawing)
        return sample() if seen is None else seen.framed.pixels

    @property
    def whose(self) -> str:
        """A name for the digit in `pixels`: the learner's drawing, or a sample."""
        if self.pixels is sample():
            return "a sample digit, until you draw one on the first page"
        return "your drawing"


@cache
def sample() -> NDArray[np.uint8]:
    """Return the digit that takes the place of a missing drawing, uint8 (28, 28)."""
    digits = built_in(10)
    return digits.images[digits.labels == _SAMPLE][0]
