import numpy as np
import pytest
import torch

from cnnlib.drawings.recover import Recovery
from cnnlib.kernels import KERNELS

NOISE = np.random.default_rng(0).standard_normal((48, 48))


@pytest.mark.parametrize("name", ["sobel", "gaussian", "gabor", "roberts", "difference"])
def test_the_hidden_kernel_is_found_from_noise(name):
    hidden = KERNELS[name].weights
    recovery = Recovery.of(NOISE, hidden, momentum=0)
    for _ in range(60):
        recovery.step()
    np.testing.assert_allclose(recovery.weights, hidden, atol=1e-6)
    assert recovery.losses[-1] < 1e-9 * recovery.losses[0]


def test_without_momentum_the_loss_never_grows():
    smooth = NOISE.cumsum(0).cumsum(1)
    recovery = Recovery.of(smooth / smooth.std(), KERNELS["sobel"].weights, momentum=0)
    for _ in range(50):
        recovery.step()
    assert (np.diff(recovery.losses) <= 0).all()


def test_a_smooth_picture_is_learned_from_more_slowly_than_noise():
    smooth = NOISE.cumsum(0).cumsum(1)
    losses = []
    for x in (NOISE, smooth / smooth.std()):
        recovery = Recovery.of(x, KERNELS["gaussian"].weights, momentum=0)
        for _ in range(30):
            recovery.step()
        losses.append(np.abs(recovery.weights - KERNELS["gaussian"].weights).max())
    assert losses[1] > 10 * losses[0]


def test_steps_are_those_of_pytorch():
    recovery = Recovery.of(NOISE, KERNELS["emboss"].weights, momentum=0.8)
    x, y = (torch.from_numpy(a)[None, None] for a in (recovery.picture, recovery.target))
    w = torch.zeros(1, 1, 3, 3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], recovery.rate, momentum=0.8)
    for _ in range(5):
        recovery.step()
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(torch.nn.functional.conv2d(x, w), y)
        loss.backward()
        optimizer.step()
        assert recovery.losses[-1] == pytest.approx(loss.item())
    np.testing.assert_allclose(recovery.weights, w.detach().numpy()[0, 0], atol=1e-12)


def test_one_grey_tells_nothing():
    with pytest.raises(ValueError, match="use one that changes"):
        Recovery.of(np.ones((9, 9)), np.ones((3, 3)))


def test_a_step_keeps_nine_tenths_of_the_last_where_nothing_else_is_said():
    assert Recovery.of(NOISE, np.ones((3, 3))).momentum == 0.9
    one, other = (Recovery(NOISE, NOISE[2:, 2:], np.zeros((3, 3)), *m) for m in ((), (0.9,)))
    for recovery in (one, other, one, other):
        recovery.step()
    np.testing.assert_array_equal(one.weights, other.weights)
