"""The events that a training run tells: plain numbers and NumPy arrays, without torch.

`encode` and `decode` turn an event into bytes and back, so that events can be kept in a file or
sent to another process. Nothing in the bytes is ever executed.
"""

import json
import struct
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 32  # of the histograms in a report
MOST_WRONG = 300  # mistakes in a report
MOST_FILTERS = 64  # first-layer filters in a report
MOST_PICTURES = 16  # pictures of a batch under the microscope
SAMPLED = 6  # weights of each array under the microscope


@dataclass(frozen=True, eq=False)
class Begun:
    """A run is about to take its first step.

    Attributes
    ----------
    parameters : int
        Parameters of the network that trains, batch normalisation's included.
    images, validation_images : int
        Images to learn from, and images to measure on.
    steps, steps_per_epoch : int
        Steps in the whole run if nothing stops it early, and in each epoch.
    device : str
        "cpu", "cuda" or "mps".
    threads : int
        How many threads the CPU computes with.
    """

    parameters: int
    images: int
    validation_images: int
    steps: int
    steps_per_epoch: int
    device: str
    threads: int


@dataclass(frozen=True, eq=False)
class StepDone:
    """One batch was learned from.

    Attributes
    ----------
    step, steps : int
        How many steps are done, and how many the run has.
    epoch : float
        Passes through the images that are done.
    loss : float
        Mean cross-entropy over the batch, before the step.
    correct, count : int
        Images of the batch that were read right before the step, and images in it.
    learning_rate : float
        The rate with which the step was taken.
    """

    step: int
    steps: int
    epoch: float
    loss: float
    correct: int
    count: int
    learning_rate: float


@dataclass(frozen=True, eq=False)
class Progress:
    """The steps since the last `Progress`, told together.

    Attributes
    ----------
    step, steps, epoch, learning_rate
        As in the last `StepDone`.
    loss, accuracy : float
        Means over the images of these steps, each before its step.
    images_per_second : float
        The speed over these steps.
    seconds : float
        Time spent in training since the run began; a pause does not count.
    """

    step: int
    steps: int
    epoch: float
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    seconds: float


@dataclass(frozen=True, eq=False)
class LayerStatistics:
    """Statistics of one layer with weights: of its output, and of the gradient of its weights.

    Attributes
    ----------
    name : str
        The layer's name, such as "conv1".
    activation_counts : ndarray of shape (32,)
        Histogram of the output for some validation images, after the activation function.
    activation_range : (float, float)
        The histogram's ends.
    zeros : float
        The share of exact zeros in the output.
    gradient_counts : ndarray of shape (32,)
        Histogram of the gradient of the weights in the last step.
    gradient_range : (float, float)
    gradient_norm : float
        Euclidean norm of that gradient.
    """

    name: str
    activation_counts: NDArray[np.int64]
    activation_range: tuple[float, float]
    zeros: float
    gradient_counts: NDArray[np.int64]
    gradient_range: tuple[float, float]
    gradient_norm: float


@dataclass(frozen=True, eq=False)
class Report:
    """A measurement on the validation images, with averaged weights if the run averages.

    Attributes
    ----------
    step : int
    epoch : float
    seconds : float
        Time spent in training since the run began, this and earlier measurements included.
    loss, accuracy : float
        Means over the training images since the last report, each before its step, as augmented.
    validation_loss, validation_accuracy : float
    confusion : ndarray of shape (10, 10)
        How many validation images of [true digit, digit read] there are.
    wrong : ndarray of shape (M,)
        Indices of validation images that were misread, the most confident mistake first, at
        most 300.
    said : ndarray of shape (M,)
        The digit that each of them was read as.
    confidence : ndarray of shape (M,)
        The probability given to that digit.
    filters : ndarray of shape (O, C, kh, kw)
        The first layer's weights, of at most 64 maps. A fully connected layer's are images,
        (O, 1, 28, 28); a locally connected layer's are those of its middle position.
    filters_change : float
        Mean |change| of these weights since the last report.
    layers : tuple of LayerStatistics
        One for each layer with weights, first to last.
    """

    step: int
    epoch: float
    seconds: float
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    confusion: NDArray[np.int64]
    wrong: NDArray[np.int64]
    said: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    filters: NDArray[np.float32]
    filters_change: float
    layers: tuple[LayerStatistics, ...]


@dataclass(frozen=True, eq=False)
class ParameterStep:
    """One array of weights in one step, with some of its weights followed through the update.

    Attributes
    ----------
    name : str
        The array's name, such as "conv1.weight".
    shape : tuple of int
    norm_before, norm_after, gradient_norm, update_norm : float
        Euclidean norms over the whole array; the update is after − before.
    indices : ndarray of shape (K, axes)
        The places of the sampled weights in the array; those of the greatest |gradient| first.
    before, gradient, after : ndarray of shape (K,)
        The sampled weights, and the loss's gradient with respect to them.
    terms : dict of str to ndarray of shape (K,)
        The other terms of the update rule for them, by the symbol that `BatchTaken.rule` uses.
    """

    name: str
    shape: tuple[int, ...]
    norm_before: float
    norm_after: float
    gradient_norm: float
    update_norm: float
    indices: NDArray[np.int64]
    before: NDArray[np.float32]
    gradient: NDArray[np.float32]
    after: NDArray[np.float32]
    terms: dict[str, NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class BatchTaken:
    """One real step of the run, under the microscope.

    Attributes
    ----------
    step : int
        The step's number; a run's first step is 1.
    count : int
        Images in the batch.
    pictures : ndarray of uint8, shape (N, 28, 28)
        The batch's first images, at most 16, as augmented.
    labels : ndarray of shape (N,)
    logits, probabilities : ndarray of shape (N, 10)
        Outputs before the step.
    losses : ndarray of shape (N,)
        Cross-entropy of each picture, before the step.
    loss_before, loss_after : float
        Mean cross-entropy over the whole batch, before the step and after it, with the same
        augmentation and dropout.
    learning_rate : float
    optimizer : str
    rule : tuple of str
        The update rule, line by line, in the symbols of `ParameterStep.terms`; w is the weight,
        g its gradient, η the learning rate.
    constants : dict of str to float
        The rule's other numbers by their symbols, such as "β₁".
    parameters : tuple of ParameterStep
        The arrays of weights, those of the first layer first.
    """

    step: int
    count: int
    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    losses: NDArray[np.float32]
    loss_before: float
    loss_after: float
    learning_rate: float
    optimizer: str
    rule: tuple[str, ...]
    constants: dict[str, float]
    parameters: tuple[ParameterStep, ...]


@dataclass(frozen=True, eq=False)
class Diverged:
    """The loss is no longer a finite number; the run is over.

    Attributes
    ----------
    step : int
        The step that had this loss, and was not taken.
    loss : float
        Infinite or not a number.
    gradient_norms : dict of str to float
        Norms by parameter, in the last step before.
    learning_rate : float
    sentence : str
        Says what happened, with the numbers.
    """

    step: int
    loss: float
    gradient_norms: dict[str, float]
    learning_rate: float
    sentence: str


@dataclass(frozen=True, eq=False)
class Ended:
    """The run is over; nothing follows.

    Attributes
    ----------
    outcome : str
        "finished", "stopped early", "stopped", "diverged" or "failed".
    sentence : str
        The outcome in words.
    seconds : float
        Time spent in training.
    step : int
        Number of steps that were taken.
    """

    outcome: str
    sentence: str
    seconds: float
    step: int


Event = Begun | StepDone | Progress | Report | BatchTaken | Diverged | Ended

_KINDS = {kind.__name__: kind for kind in (*Event.__args__, LayerStatistics, ParameterStep)}
_DTYPES = {"u": "|u1", "i": "<i8", "f": "<f4"}


def encode(event: Event) -> bytes:
    """Return an event as bytes: the length of a JSON head, the head, and the arrays one by one.

    Arrays are kept as uint8, int64 or float32.
    """
    body = bytearray()
    text = json.dumps(_plain(event, body), separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + bytes(body)


def decode(content: bytes) -> Event:
    """Return the event that `encode` turned into these bytes.

    Raises
    ------
    ValueError
        If the bytes are no event's.
    """
    try:
        (length,) = struct.unpack_from("<I", content)
        event = _restored(json.loads(content[4 : 4 + length]), content[4 + length :])
    except (ValueError, TypeError, KeyError, struct.error, RecursionError) as problem:
        raise ValueError(f"these bytes are no event of a training run: {problem}") from None
    if not isinstance(event, Event):
        raise ValueError("these bytes are no event of a training run")
    return event


def _plain(value: Any, body: bytearray) -> Any:
    """Turn a value into values for JSON; arrays go to the end of `body`."""
    if is_dataclass(value):
        own = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"kind": type(value).__name__, "fields": _plain(own, body)}
    if isinstance(value, np.ndarray):
        dtype, start = _DTYPES.get(value.dtype.kind, "<f4"), len(body)
        body += value.astype(dtype).tobytes()
        return {"dtype": dtype, "shape": value.shape, "start": start}
    if isinstance(value, dict):
        return {"entries": {key: _plain(entry, body) for key, entry in value.items()}}
    if isinstance(value, tuple):
        return [_plain(entry, body) for entry in value]
    return value


def _restored(value: Any, body: bytes) -> Any:
    """Return the value that `_plain` turned into values for JSON."""
    if isinstance(value, list):
        return tuple(_restored(entry, body) for entry in value)
    if not isinstance(value, dict):
        return value
    if "kind" in value:
        return _KINDS[value["kind"]](**_restored(value["fields"], body))
    if "entries" in value:
        return {key: _restored(entry, body) for key, entry in value["entries"].items()}
    if value["dtype"] not in _DTYPES.values():
        raise ValueError(f"arrays of {value['dtype']!r:.20}")
    return np.ndarray(value["shape"], value["dtype"], body, value["start"])
