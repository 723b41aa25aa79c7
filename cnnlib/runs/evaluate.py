"""Counting the digits that a network reads right, by the NumPy core alone."""

from cnnlib.data import Dataset
from cnnlib.drawings.images import to_input
from cnnlib.network import Network

_AT_ONCE = 250


def count_correct(network: Network, dataset: Dataset) -> int:
    """Count the images whose greatest logit is their label's."""
    correct = 0
    for start in range(0, len(dataset), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        logits = network.forward(to_input(dataset.images[part]))[-1]  # (N, 10)
        correct += int((logits.argmax(axis=1) == dataset.labels[part]).sum())
    return correct
