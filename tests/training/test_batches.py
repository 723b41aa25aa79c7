"""Batches: every image once in an epoch, augmented as asked, and all from one generator."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.training.batches import Batches

DIGITS = built_in(50, seed=1)
NUMBERED = Dataset(
    np.arange(50, dtype=np.uint8)[:, None, None] + np.zeros((1, 28, 28), np.uint8),
    DIGITS.labels,
    "numbered",
)


def batches(dataset: Dataset = DIGITS, size: int = 8, how: str = "none", seed: int = 0) -> Batches:
    return Batches(dataset, size, how, torch.Generator().manual_seed(seed))


def test_an_epoch_takes_no_image_twice_and_the_next_takes_another_order():
    source = batches(NUMBERED)
    assert source.per_epoch == 6
    epochs = []
    for _ in range(3):
        numbers = [source.take()[0][:, 0, 0, 0] * 255 for _ in range(source.per_epoch)]
        epochs.append(torch.cat(numbers).round().tolist())
    assert all(len(set(epoch)) == 48 for epoch in epochs)
    assert all(first != second for first, second in pairwise(epochs))


def test_images_keep_their_labels_and_are_the_networks_input():
    images, labels = batches(size=50).take()
    pairs = zip(DIGITS.images, DIGITS.labels, strict=True)
    known = {image.tobytes(): label for image, label in pairs}
    pixels = np.rint(images.numpy()[:, 0] * 255).astype(np.uint8)
    assert [known[image.tobytes()] for image in pixels] == labels.tolist()
    assert np.array_equal(to_input(pixels), images)
    assert images.dtype == torch.float32


def test_a_shift_moves_each_image_by_up_to_one_pixel_each_way():
    image = np.zeros((28, 28), np.uint8)
    image[10, 20] = 255
    source = batches(Dataset(np.stack([image] * 400), np.zeros(400, np.uint8), ""), 400, "shift")
    images, _ = source.take()
    assert (images.sum(dim=(1, 2, 3)) == 1).all()
    places = {(int(r), int(c)) for r, c in images[:, 0].nonzero()[:, 1:].tolist()}
    assert places == {(r, c) for r in (9, 10, 11) for c in (19, 20, 21)}


def test_what_is_shifted_out_is_gone_and_paper_comes_in():
    image = np.full((28, 28), 255, np.uint8)
    source = batches(Dataset(np.stack([image] * 200), np.zeros(200, np.uint8), ""), 200, "shift")
    sums = source.take()[0].sum(dim=(1, 2, 3)).unique().tolist()
    assert sums == [27 * 27, 27 * 28, 28 * 28]


def test_variation_changes_what_is_drawn():
    plain, varied = (batches(how=how).take() for how in ("none", "vary"))
    assert torch.equal(plain[1], varied[1])
    assert not torch.allclose(plain[0], varied[0])


@pytest.mark.parametrize("how", ["none", "shift", "vary"])
def test_all_chance_is_the_generators_and_a_state_goes_on_from_there(how):
    source, again, other = batches(how=how), batches(how=how), batches(how=how, seed=1)
    for _ in range(9):
        first, second = source.take(), again.take()
        assert torch.equal(first[0], second[0])
        other.take()
    state = source.state()
    other.restore(state)
    for _ in range(9):
        first, second = source.take(), other.take()
        assert torch.equal(first[0], second[0])
        assert torch.equal(first[1], second[1])
