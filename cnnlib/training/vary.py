"""Variations that leave a digit the same digit, drawn anew for every batch.

Pen width, rotation, shear, aspect ratio, size, place, and a smooth warp as in P. Y. Simard,
D. Steinkraus and J. C. Platt, "Best practices for convolutional neural networks applied to
visual document analysis" (2003), though from a coarse random field rather than a blurred one.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, interpolate, max_pool2d

BOX = 20  # the side of the box that framing fits a digit into

ROTATION = math.radians(25)
SHEAR = 0.25
LOG_ASPECT = 0.17
LOG_SIZE = 0.13
SHIFT = 1.3  # pixels
WARP = 2.5  # pixels at the field's nodes
NODES = 5  # the warp's field has NODES × NODES random nodes


def vary(images: Tensor, generator: torch.Generator, strength: float = 1.0) -> Tensor:
    """Vary each image at random.

    Parameters
    ----------
    images : Tensor of shape (N, 1, H, W)
        Paper 0, full ink 1.
    generator : torch.Generator
        The only source of randomness.
    strength : float
        Factor of every variation except the pen's width; 0 returns the images unchanged.

    Returns
    -------
    Tensor of shape (N, 1, H, W), in [0, 1]
    """
    if strength == 0:
        return images
    images, growth = _change_pen(images, generator)
    grid = affine_grid(
        _maps(growth, images.shape[-1], generator, strength),
        list(images.shape),
        align_corners=False,
    )  # (N, H, W, 2)
    grid = grid + _warp(images, generator, strength)
    # Bicubic, because linear interpolation would make every image softer than those to be read.
    return grid_sample(images, grid, mode="bicubic", align_corners=False).clamp(0, 1)


def _change_pen(images: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Thicken or thin the strokes; return by how many pixels each edge moved outwards, (N,).

    A small digit drawn with the pad's pen has thick strokes once it is framed, up to a third of
    the box. Whole pixels come from dilation and erosion, fractions from a mean of two of these.
    """
    n = len(images)
    levels = [-_dilate(-images), images]
    for _ in range(3):
        levels.append(_dilate(levels[-1]))
    stack = torch.stack(levels)  # (5, N, 1, H, W): the edge moved by -1, 0, 1, 2, 3 pixels
    kind, amount = torch.rand((2, n), generator=generator)
    growth = torch.where(kind < 0.25, 3 * amount**2, torch.where(kind < 0.4, -0.7 * amount, 0))
    below = (growth + 1).floor().long().clamp(max=len(levels) - 2)
    part = (growth + 1 - below)[:, None, None, None]
    each = torch.arange(n)
    return stack[below, each] * (1 - part) + stack[below + 1, each] * part, growth


def _dilate(images: Tensor) -> Tensor:
    return max_pool2d(images, kernel_size=3, stride=1, padding=1)


def _maps(growth: Tensor, side: int, generator: torch.Generator, strength: float) -> Tensor:
    """Return affine maps (N, 2, 3) from a place in the varied image to its place in the original.

    Places run from -1 to 1, so that rotation and size keep the centre, where the mass is.
    """
    n = len(growth)
    angle, shear, aspect, size, down, right = strength * (
        2 * torch.rand((6, n), generator=generator) - 1
    )
    angle = ROTATION * angle
    # A grown digit is framed again, so its box of 20 + 2 · growth pixels becomes 20.
    scale = torch.exp(LOG_SIZE * size) * (BOX + 2 * growth) / BOX
    stretch = torch.exp(LOG_ASPECT * aspect)
    zero, one = torch.zeros(n), torch.ones(n)

    rotation = _matrices(angle.cos(), -angle.sin(), angle.sin(), angle.cos())
    shearing = _matrices(one, SHEAR * shear, zero, one)
    scaling = _matrices(scale * stretch, zero, zero, scale / stretch)
    shift = torch.stack([right, down], dim=1) * (2 * SHIFT / side)  # (N, 2)
    return torch.cat([rotation @ shearing @ scaling, shift[:, :, None]], dim=2)


def _matrices(a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    return torch.stack([a, b, c, d], dim=1).reshape(-1, 2, 2)


def _warp(images: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """Return a smooth field of shifts, (N, H, W, 2), strong for some digits, weak for others."""
    n, _, height, width = images.shape
    nodes = 2 * torch.rand((n, 2, NODES, NODES), generator=generator) - 1
    amount = strength * torch.rand((n, 1, 1, 1), generator=generator) * (2 * WARP / width)
    field = interpolate(nodes * amount, (height, width), mode="bicubic", align_corners=True)
    return field.permute(0, 2, 3, 1)  # (N, H, W, 2)
