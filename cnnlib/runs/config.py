"""The settings of a training run: one description for the page, the terminal and the pretraining.

No torch here, so that a page can describe a run without loading torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from operator import index
from typing import Any

from cnnlib.budget import WORKER, Cost, afford
from cnnlib.models.architecture import Architecture, ArchitectureError
from cnnlib.walkthroughs.numbers import brief
from cnnlib.walkthroughs.typed import ascii_number, comma_told

VERSION = 1

#: The network that reaches the most in a short training, because a wide stride comes first, where
#: the maps are large.
FAST = Architecture.from_text("conv5x16-stride2_conv3x32-average_out10")

DATA = ("built-in", "built-in-wild", "mnist")  # or a folder of IDX files

#: The allowed values of each of these fields.
CHOICES: dict[str, tuple[str, ...]] = {
    "optimizer": ("sgd", "momentum", "nesterov", "adam", "adamw"),
    "schedule": ("constant", "one-cycle", "cosine", "step"),
    "augmentation": ("none", "shift", "vary"),
    "device": ("auto", "cpu", "cuda", "mps"),
}
#: The least and the greatest whole number of each of these fields.
WHOLE: dict[str, tuple[int, int]] = {
    "images": (10, 60_000),
    "batch_size": (1, 10_000),
    "epochs": (1, 1_000),
    "early_stopping": (0, 1_000),
    "reports": (1, 100),
    "seed": (0, 2**32 - 1),
}
#: The least and the greatest number of each of these fields.
REAL: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-9, 1e6),
    "weight_decay": (0.0, 10.0),
    "dropout": (0.0, 0.9),
    "averaging": (0.0, 0.99999),
}
MOST_REPORTS = 1_000  # in a run, because each report is kept with all that the page shows
LONGEST_FOLDER = 1_000  # characters

#: The names of the fields in a link.
SHORT = {
    "data": "data",
    "images": "images",
    "architecture": "net",
    "optimizer": "opt",
    "learning_rate": "rate",
    "schedule": "schedule",
    "batch_size": "batch",
    "epochs": "epochs",
    "weight_decay": "l2",
    "dropout": "dropout",
    "batch_norm": "bn",
    "augmentation": "aug",
    "averaging": "avg",
    "early_stopping": "patience",
    "reports": "reports",
    "seed": "seed",
    "device": "device",
}


class ConfigError(ValueError):
    """A field of a configuration is at fault.

    Attributes
    ----------
    field : str
        The field's name, such as "learning_rate".
    sentence : str
        Says what is wrong and what to change, without the field's name.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field.replace('_', ' ')} {sentence}")
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class TrainConfig:
    """How a network is trained.

    Parameters
    ----------
    data : str
        "built-in" (neat digits), "built-in-wild", "mnist", or a folder of MNIST's IDX files.
    images : int
        How many images to learn from, 10 to 60,000. Of files, the first images are taken; if
        there are fewer, all of them.
    architecture : Architecture
    optimizer : {"sgd", "momentum", "nesterov", "adam", "adamw"}
        Momentum is 0.9; Adam's β are 0.9 and 0.999, its ε is 1e-8.
    learning_rate : float
        The highest learning rate of the schedule, 1e-9 to 1e6.
    schedule : {"constant", "one-cycle", "cosine", "step"}
        See `schedules.share`.
    batch_size : int
        Images in a step, 1 to 10,000, and no more than `images`.
    epochs : int
        Passes through the images, 1 to 1,000.
    weight_decay : float
        0 to 10. The decay times the weight is added to each weight's gradient: it is the 2λw of a
        term λ‖w‖² in the loss. AdamW instead subtracts decay times weight times learning rate from
        the weight (I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019).
    dropout : float
        Share of the inputs of each fully connected layer that is set to 0, 0 to 0.9. Pixels are
        never set to 0.
    batch_norm : bool
        Whether every layer with weights except the last is followed by batch normalisation
        (S. Ioffe and C. Szegedy, 2015), which becomes part of that layer in the NumPy network.
    augmentation : {"none", "shift", "vary"}
        "shift" moves each image by up to one pixel; "vary" turns, bends, scales and thickens it.
    averaging : float
        Decay per step, 0 to 0.99999, of an exponential moving average over the weights. The
        average is then measured and handed back; with 0, the last weights are.
    early_stopping : int
        Stop once this many epochs have passed without a new best validation loss; 0 never stops.
    reports : int
        Measurements on the validation images in each epoch, 1 to 100.
    seed : int
        0 to 2³² − 1. All chance comes from the seed: the first weights, the order of the images,
        dropout and augmentation. The same configuration gives the same weights on the same machine.
    device : {"auto", "cpu", "cuda", "mps"}
        "auto" takes a graphics processor where there is one.

    Raises
    ------
    ConfigError
        If a field has another value. The error names the field.

    Examples
    --------
    >>> TrainConfig(learning_rate=-1)
    Traceback (most recent call last):
    ...
    cnnlib.runs.config.ConfigError: learning rate -1: use a number from 1 × 10⁻⁹ to 1,000,000
    >>> TrainConfig(epochs=3, optimizer="sgd").to_query()
    {'opt': 'sgd', 'epochs': '3'}
    """

    data: str = "built-in"
    images: int = 20_000
    architecture: Architecture = FAST
    optimizer: str = "adam"
    learning_rate: float = 1e-2
    schedule: str = "one-cycle"
    batch_size: int = 64
    epochs: int = 2
    weight_decay: float = 0.0
    dropout: float = 0.0
    batch_norm: bool = False
    augmentation: str = "shift"
    averaging: float = 0.98
    early_stopping: int = 0
    reports: int = 4
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.data, str) or not 0 < len(self.data) <= LONGEST_FOLDER:
            raise ConfigError(
                "data", f"{_quoted(self.data)}: use {_or(DATA)}, or a folder of IDX files"
            )
        if not isinstance(self.architecture, Architecture):
            raise ConfigError("architecture", f"{_quoted(self.architecture)}: give an Architecture")
        if (self.architecture.input_shape, self.architecture.classes) != ((1, 28, 28), 10):
            raise ConfigError(
                "architecture",
                f"reads {self.architecture.input_shape} as one of {self.architecture.classes}: "
                "digits are (1, 28, 28), and there are 10",
            )
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if not isinstance(value, str) or value not in choices:
                raise ConfigError(name, f"{_quoted(value)}: use {_or(choices)}")
        for name, (least, most) in WHOLE.items():
            object.__setattr__(self, name, _whole(name, getattr(self, name), least, most))
        for name, (low, high) in REAL.items():
            object.__setattr__(self, name, _real(name, getattr(self, name), low, high))
        if not isinstance(self.batch_norm, bool):
            raise ConfigError("batch_norm", f"{_quoted(self.batch_norm)}: use true or false")
        if self.batch_size > self.images:
            raise ConfigError(
                "batch_size",
                f"{self.batch_size} is more than {self.images} images: "
                "use more images or a smaller batch",
            )
        self._afford_batch()
        if self.reports * self.epochs > MOST_REPORTS:
            raise ConfigError(
                "reports",
                f"{self.reports} in each of {self.epochs} epochs are over {MOST_REPORTS:,}: "
                "use fewer reports or fewer epochs",
            )

    def _afford_batch(self) -> None:
        """Refuse a batch that a worker's memory cannot hold."""
        image, own = self.architecture.training_memory
        most = (WORKER.memory - own) // image
        try:
            afford(
                Cost(memory=own + self.batch_size * image),
                "its images together",
                f"use a batch of at most {most} images, or fewer maps",
                WORKER,
            )
        except ValueError as error:
            raise ConfigError("batch_size", f"{self.batch_size}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Return every field, and the version, as values for JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"version": VERSION} | values | {"architecture": self.architecture.to_text()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TrainConfig":
        """Make a configuration from the dict of `to_dict`; a field left out has its default.

        Raises
        ------
        ConfigError
            If a field is unknown or its value is not allowed, or the version is another one.
        """
        if not isinstance(values, Mapping):
            raise ConfigError("settings", f"{_quoted(values)}: use a value for each field by name")
        rest = dict(values)
        version = rest.pop("version", None)
        if version != VERSION:
            raise ConfigError("version", f"{_quoted(version)}: this program reads {VERSION}")
        for name in rest.keys() - SHORT.keys():
            raise ConfigError(_quoted(name), "is no field of a training run")
        if "architecture" in rest:
            rest["architecture"] = _architecture(rest["architecture"])
        return cls(**rest)

    def to_query(self) -> dict[str, str]:
        """Return the fields that differ from their defaults, as texts for a link."""
        texts, usual = _texts(self), _texts(TrainConfig())
        return {SHORT[name]: text for name, text in texts.items() if text != usual[name]}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "TrainConfig":
        """Make a configuration from a link; names that are no field's are passed over.

        A link cannot name a folder, because that folder would be one of the server's.

        Raises
        ------
        ConfigError
            If a value cannot be read or is not allowed.
        """
        values: dict[str, Any] = {}
        for name, short in SHORT.items():
            if short in query:
                values[name] = parse(name, query[short])
        if values.get("data", DATA[0]) not in DATA:
            raise ConfigError("data", f"{_quoted(values['data'])}: a link can name {_or(DATA)}")
        return cls(**values)


def _texts(config: TrainConfig) -> dict[str, str]:
    values = {name: getattr(config, name) for name in SHORT}
    values["architecture"] = config.architecture.to_text()
    values["batch_norm"] = str(config.batch_norm).lower()
    return {name: str(value) for name, value in values.items()}


def parse(name: str, text: str) -> Any:
    """Return the value that a field's text stands for; `TrainConfig` checks it.

    Raises
    ------
    ConfigError
        If the text is that of an architecture which cannot be built.
    """
    if name == "architecture":
        return _architecture(text)
    if name == "batch_norm":
        return {"true": True, "false": False}.get(text, text)
    kind = int if name in WHOLE else float if name in REAL else str
    try:
        if kind is str or len(text) > 40 or "_" in text:
            return text
        return kind(ascii_number(text))
    except ValueError:
        return text  # `TrainConfig` refuses it, in the words for this field


def _architecture(text: Any) -> Architecture:
    if not isinstance(text, str):
        raise ConfigError("architecture", f"{_quoted(text)}: use an architecture's text")
    try:
        return Architecture.from_text(text)
    except ArchitectureError as problem:
        sentence = " ".join(str(problem).split())  # the text that is quoted may have many lines
        raise ConfigError("architecture", f"{_quoted(text)}: {sentence}") from None


def _whole(name: str, value: Any, least: int, most: int) -> int:
    try:
        number = least - 1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        raise ConfigError(name, f"{_quoted(value)}: use a whole number from {least:,} to {most:,}")
    return number


def _real(name: str, value: Any, least: float, most: float) -> float:
    try:
        number = float("nan") if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not (isfinite(number) and least <= number <= most):
        comma = comma_told(value) if isinstance(value, str) else ""
        use = comma or f"use a number from {brief(least)} to {brief(most)}"
        raise ConfigError(name, f"{_quoted(value)}{' ' if comma else ': '}{use}")
    return number


def _quoted(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write a whole number of too many digits
        text = "that number"
    return text if len(text) <= 40 else f"{text[:40]}…"


def _or(choices: tuple[str, ...]) -> str:
    *most, last = (f'"{choice}"' for choice in choices)
    return f"{', '.join(most)} or {last}"
