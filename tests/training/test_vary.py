"""Variations move and bend a digit, keep it ink, and owe everything to their generator."""

import numpy as np
import pytest
import torch

from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.training.vary import _change_pen, vary


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def blocks(count: int, side: int = 6) -> torch.Tensor:
    images = torch.zeros(count, 1, 28, 28)
    start = 14 - side // 2
    images[:, :, start : start + side, start : start + side] = 1
    return images


@pytest.fixture(scope="module")
def digits() -> torch.Tensor:
    return torch.from_numpy(to_input(built_in(200, seed=4).images))


def test_the_same_generator_gives_the_same_variations(digits):
    assert torch.equal(vary(digits, generator()), vary(digits, generator()))
    assert not torch.equal(vary(digits, generator()), vary(digits, generator(1)))


def test_every_digit_is_varied_in_its_own_way():
    varied = vary(blocks(50), generator())
    assert len(torch.unique(varied.flatten(1), dim=0)) == 50


def test_variations_are_ink_and_keep_most_of_it_in_the_image(digits):
    varied = vary(digits, generator())
    assert varied.shape == digits.shape
    assert varied.min() >= 0
    assert varied.max() <= 1
    edge = torch.ones(28, 28, dtype=torch.bool)
    edge[1:-1, 1:-1] = False
    assert varied[:, 0, edge].sum() < 0.01 * varied.sum()


def test_strength_0_changes_nothing(digits):
    assert vary(digits, generator(), 0) is digits


def test_a_stronger_variation_moves_more():
    images = blocks(400)

    def spread(strength: float) -> float:
        varied = vary(images, generator(), strength)[:, 0]
        rows = (varied.sum(2) * torch.arange(28)).sum(1) / varied.sum((1, 2))
        return rows.std().item()

    assert spread(1.0) > 1.5 * spread(0.5)


def test_the_pen_grows_by_what_is_said():
    images = blocks(1000)
    changed, growth = _change_pen(images, generator())
    assert growth.min() < -0.6
    assert growth.max() > 2.5
    assert 0.5 < (growth == 0).float().mean() < 0.7
    assert torch.equal(changed[growth == 0], images[growth == 0])
    whole = growth.floor()
    low, high = (6 + 2 * whole) ** 2, (6 + 2 * (whole + 1)) ** 2
    expected = low + (growth - whole) * (high - low)
    np.testing.assert_allclose(changed.sum((1, 2, 3)), expected, rtol=1e-4)


def test_a_grown_digit_still_fits_its_box():
    images = blocks(600, side=20)
    extent = (vary(images, generator(), 1e-9)[:, 0] > 0.5).any(2).sum(1)
    assert extent.min() >= 19
    assert extent.max() <= 21
