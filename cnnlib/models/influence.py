"""How strongly each pixel moves one unit, computed only where the unit's field lies.

A unit depends on a rectangle of each map before it. Maps are cut to these rectangles, so that the
cost follows from the field and not from the maps. Large kernels go through the Fourier transform,
whose cost does not grow with the kernel.
"""

from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from cnnlib.budget import Cost, afford, transform
from cnnlib.conv import conv2d, conv2d_input_grad
from cnnlib.geometry import Span, clip, field
from cnnlib.layers import AvgPool2d, Conv2d, Layer, MaxPool2d
from cnnlib.network import Network

_DIRECT = 25  # weights of a kernel up to which products are faster than transforms
_FLOAT = 4  # bytes
_COPIES = 4  # of the largest input and output, for spectra and their products

Area = tuple[Span, Span]


def gradient(network: Network, x: NDArray, activation: int, row: int, column: int) -> NDArray:
    """Return how strongly each pixel moves a unit: mean |∂ unit / ∂ pixel| over maps and samples.

    Parameters
    ----------
    network : Network
        Up to the activation, of convolutions in one group, poolings, and functions entry by
        entry.
    x : ndarray of shape (N, C, H, W)
        The inputs at which the gradient is measured.
    activation : int
        The activation that the unit belongs to; 1 is the first layer's output.
    row, column : int
        The unit's position; all maps of the activation are taken at once.

    Returns
    -------
    ndarray of shape (H, W)

    Raises
    ------
    ValueError
        If the measurement costs too much.
    """
    afford(
        cost(network, activation, row, column, len(x)),
        "The gradients of this unit",
        "use smaller kernels, fewer layers or a smaller input",
    )
    areas = _areas(network, activation, row, column)
    total = np.zeros(x.shape[2:])
    if any(start == stop for inside, _ in areas for start, stop in inside):
        return total  # a window that lies in the padding alone sees no pixel
    layers = [layer for _, layer in network.layers[:activation]]
    maps = network.shapes[activation][0]
    seen = total[_slices(areas[0][0])]
    for sample in x:
        padded = []  # of each layer's input: all that the unit's field holds of that map
        value = sample[None, :, *_slices(areas[0][0])]
        for layer, (inside, full) in zip(layers, areas, strict=True):
            fill = value.min() - 1 if isinstance(layer, MaxPool2d) else 0  # padding never wins
            padded.append(np.pad(value, _margins(inside, full), constant_values=fill))
            value = _forward(layer, padded[-1])
        grad = np.eye(maps, dtype=x.dtype)[:, :, None, None]  # one unit of each map on its own
        for layer, (inside, full), value in reversed(list(zip(layers, areas, padded, strict=True))):
            grad = _backward(layer, value, grad)
            top, left = (a[0] - b[0] for a, b in zip(inside, full, strict=True))
            height, width = (stop - start for start, stop in inside)
            grad = grad[:, :, top : top + height, left : left + width]
        seen += np.abs(grad).sum((0, 1))
    return total / (len(x) * maps)


def cost(network: Network, activation: int, row: int, column: int, samples: int) -> Cost:
    """Return what `gradient` costs."""
    maps, work, held, largest = network.shapes[activation][0], 0, 0, 0
    areas = _areas(network, activation, row, column)
    outputs = [inside for inside, _ in areas[1:]] + [((row, row + 1), (column, column + 1))]
    for at, ((_, full), output) in enumerate(zip(areas, outputs, strict=True)):
        layer, cells = network.layers[at][1], _cells(full)
        depth, filters = network.shapes[at][0], network.shapes[at + 1][0]
        if not isinstance(layer, Conv2d):
            work += cells * depth
        elif _is_small(layer):
            work += _cells(output) * layer.weight.size
        else:
            work += cells * depth * filters + transform(cells) * (depth + filters)
        held += cells * depth
        largest = max(largest, cells * (depth + filters))
    held += _COPIES * (1 + maps) * largest
    return Cost(work * samples * (1 + maps), held * _FLOAT)


def _areas(network: Network, activation: int, row: int, column: int) -> list[tuple[Area, Area]]:
    """Return the cells that the unit reads of each layer's input, without and with padding."""
    found: list[tuple[Area, Area]] = []
    area: Area = ((row, row + 1), (column, column + 1))
    for (_, layer), (_, *sizes) in reversed(
        list(zip(network.layers[:activation], network.shapes, strict=False))
    ):
        full = [
            field(span, sweep) if span[0] < span[1] else span
            for span, sweep in zip(area, layer.sweeps, strict=True)
        ]
        area = (clip(full[0], sizes[0]), clip(full[1], sizes[1]))
        found.append((area, (full[0], full[1])))
    return found[::-1]


def _forward(layer: Layer, x: NDArray) -> NDArray:
    """Return a layer's output on an input in its padding."""
    if isinstance(layer, MaxPool2d | AvgPool2d):
        return replace(layer, padding=0).forward(x)
    if not isinstance(layer, Conv2d):
        return layer.forward(x)
    bias = layer.bias[:, None, None]
    if _is_small(layer):
        return conv2d(x, layer.weight, stride=layer.stride, dilation=layer.dilation) + bias
    height, width = x.shape[2:]
    picture, filters = _spectrum(x, height, width), _kernel_spectrum(layer, height, width)
    product = sum(picture[:, None, c] * filters[:, c].conj() for c in range(x.shape[1]))
    rows, columns = layer.sweeps
    whole = np.fft.irfft2(product, _lengths(height, width)).astype(x.dtype)
    whole = whole[:, :, : height - rows.extent + 1, : width - columns.extent + 1]
    return whole[:, :, :: rows.stride, :: columns.stride] + bias


def _backward(layer: Layer, x: NDArray, grad: NDArray) -> NDArray:
    """Return the gradient of a layer's input in its padding, for each gradient of its output."""
    shape = (len(grad), *x.shape[1:])
    if isinstance(layer, MaxPool2d | AvgPool2d):
        return replace(layer, padding=0).backward(np.broadcast_to(x, shape), grad)[0]
    if not isinstance(layer, Conv2d):
        return layer.backward(x, grad)[0]
    if _is_small(layer):
        return conv2d_input_grad(
            shape, layer.weight, grad, stride=layer.stride, dilation=layer.dilation
        )
    height, width = x.shape[2:]
    (down, across), (outputs, places) = (s.stride for s in layer.sweeps), grad.shape[2:]
    spread = np.zeros((*grad.shape[:2], height, width), grad.dtype)
    spread[:, :, : down * outputs : down, : across * places : across] = grad
    spectrum, filters = _spectrum(spread, height, width), _kernel_spectrum(layer, height, width)
    product = sum(spectrum[:, o, None] * filters[o] for o in range(grad.shape[1]))
    whole = np.fft.irfft2(product, _lengths(height, width)).astype(grad.dtype)
    return whole[:, :, :height, :width]


def _kernel_spectrum(layer: Conv2d, height: int, width: int) -> NDArray:
    rows, columns = layer.sweeps
    holes = np.zeros((*layer.weight.shape[:2], rows.extent, columns.extent), np.float32)
    holes[:, :, :: rows.dilation, :: columns.dilation] = layer.weight
    return _spectrum(holes, height, width)


def _spectrum(x: NDArray, height: int, width: int) -> NDArray:
    return np.fft.rfft2(x, _lengths(height, width))


def _lengths(height: int, width: int) -> tuple[int, int]:
    """Return lengths with small factors, which are transformed fastest."""
    return -(-height // 16) * 16, -(-width // 16) * 16


def _is_small(layer: Conv2d) -> bool:
    return prod(layer.weight.shape[2:]) <= _DIRECT


def _cells(area: Area) -> int:
    return prod(stop - start for start, stop in area)


def _slices(area: Area) -> tuple[slice, slice]:
    return slice(*area[0]), slice(*area[1])


def _margins(inside: Area, full: Area) -> list[tuple[int, int]]:
    around = [(i[0] - f[0], f[1] - i[1]) for i, f in zip(inside, full, strict=True)]
    return [(0, 0), (0, 0), *around]
