"""The measurements of a report: how a network reads the validation images, and its layers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softmax

from cnnlib.data import Dataset
from cnnlib.drawings.images import to_input
from cnnlib.layers import Conv2d, Linear, Local2d, ReLU, Sigmoid, Tanh
from cnnlib.network import Network
from cnnlib.runs.events import BINS, MOST_FILTERS, MOST_WRONG, LayerStatistics

_AT_ONCE = 250  # images in a forward pass that learns nothing


@dataclass(frozen=True, eq=False)
class Reading:
    """How a module reads a set of images; the fields are those of `events.Report`."""

    loss: float
    accuracy: float
    confusion: NDArray[np.int64]
    wrong: NDArray[np.int64]
    said: NDArray[np.uint8]
    confidence: NDArray[np.float32]


@torch.inference_mode()
def read(module: nn.Module, dataset: Dataset, device: torch.device) -> Reading:
    """Let a module, in evaluation mode, read every image of a set."""
    logits = torch.cat([module(x.to(device)).cpu() for x in _inputs(dataset)])  # (N, 10)
    labels = torch.tensor(dataset.labels).long()
    loss = cross_entropy(logits.double(), labels).item()
    confidences, guesses = softmax(logits, dim=1).max(dim=1)
    said, confidence = guesses.numpy().astype(np.uint8), confidences.numpy()
    confusion = np.zeros((10, 10), np.int64)
    np.add.at(confusion, (dataset.labels, said), 1)
    wrong = np.flatnonzero(said != dataset.labels)
    wrong = wrong[np.argsort(-confidence[wrong], kind="stable")]
    accuracy = 1 - len(wrong) / len(dataset)
    wrong = wrong[:MOST_WRONG]
    return Reading(loss, accuracy, confusion, wrong, said[wrong], confidence[wrong])


def _inputs(dataset: Dataset) -> list[Tensor]:
    starts = range(0, len(dataset), _AT_ONCE)
    return [torch.from_numpy(to_input(dataset.images[s : s + _AT_ONCE])) for s in starts]


def first_filters(network: Network) -> NDArray[np.float32]:
    """Return the weights of the first layer that has any, as `events.Report.filters`."""
    for _, layer in network.layers:
        match layer:
            case Conv2d():
                return layer.weight[:MOST_FILTERS].copy()  # (O, C, kh, kw)
            case Local2d():
                _, rows, columns, *_ = layer.weight.shape  # (O, Ho, Wo, C, kh, kw)
                return layer.weight[:MOST_FILTERS, rows // 2, columns // 2].copy()
            case Linear():
                templates = layer.weight[:MOST_FILTERS]  # (O, 784)
                return templates.reshape(len(templates), *network.input_shape).copy()
    raise ValueError("the network has no layer with weights")


def layer_statistics(
    network: Network, images: NDArray[np.uint8], gradients: Mapping[str, NDArray]
) -> tuple[LayerStatistics, ...]:
    """Describe each layer with weights.

    Parameters
    ----------
    network : Network
    images : uint8 ndarray of shape (N, 28, 28)
        The images whose activations are counted.
    gradients : mapping of str to ndarray
        Gradients by parameter, such as "conv1.weight".
    """
    outputs = network.forward(to_input(images))[1:]
    following = [*(layer for _, layer in network.layers[1:]), None]
    statistics = []
    for number, (name, layer) in enumerate(network.layers):
        if not layer.parameters:
            continue
        handed_on = isinstance(following[number], ReLU | Sigmoid | Tanh)
        output, gradient = outputs[number + handed_on], gradients[f"{name}.weight"]
        statistics.append(
            LayerStatistics(
                name,
                *_histogram(output),
                float((output == 0).mean()),
                *_histogram(gradient),
                norm(gradient),
            )
        )
    return tuple(statistics)


def norm(values: NDArray) -> float:
    """Return the Euclidean norm in float64, so that it does not overflow before the values do."""
    return float(np.linalg.norm(values.astype(np.float64).ravel()))


def _histogram(values: NDArray) -> tuple[NDArray[np.int64], tuple[float, float]]:
    """Return the counts in equal bins, and the ends; values that are not finite are left out."""
    values = values[np.isfinite(values)].astype(np.float64)
    counts, edges = np.histogram(values, BINS)
    return counts.astype(np.int64), (float(edges[0]), float(edges[-1]))
