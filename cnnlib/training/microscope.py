"""One real step of a run, with its numbers before and after."""

from collections.abc import Callable
from copy import deepcopy
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softmax

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import MOST_PICTURES, SAMPLED, BatchTaken, ParameterStep
from cnnlib.training.measure import norm
from cnnlib.training.optimizers import ADAM, BETAS, EPSILON, MOMENTUM

Forward = Callable[[nn.Module], Tensor]

# The update rules, written in the symbols of the terms; g is the gradient, t the step's number.
_MOMENTS = (
    "m ← β₁ m + (1 − β₁) g",
    "v ← β₂ v + (1 − β₂) g²",
    "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)",
    "w ← w − η m̂ / (√v̂ + ε)",
)
_RULES = {
    "sgd": ("w ← w − η g",),
    "momentum": ("v ← α v + g", "w ← w − η v"),
    "nesterov": ("v ← α v + g", "w ← w − η (g + α v)"),
    "adam": _MOMENTS,
    "adamw": _MOMENTS,
}
_KEPT = {"momentum_buffer": "v", "exp_avg": "m", "exp_avg_sq": "v"}  # symbols by PyTorch's names


class Slide:
    """The state of a run before a step, remembered to be compared with the state after the step.

    Parameters
    ----------
    module : nn.Module
    optimizer : torch.optim.Optimizer
    images : Tensor of shape (N, 1, 28, 28)
    labels : Tensor of shape (N,)
    forward : callable
        Returns the logits of these images, with the same dropout each time.
    """

    def __init__(
        self,
        module: nn.Module,
        optimizer: torch.optim.Optimizer,
        images: Tensor,
        labels: Tensor,
        forward: Forward,
    ) -> None:
        self._module, self._optimizer, self._forward = module, optimizer, forward
        self._images, self._labels = images, labels
        self._weights = [_array(p).copy() for p in module.parameters()]
        self._states = [self._state(p) for p in module.parameters()]

    def _state(self, parameter: nn.Parameter) -> dict[str, NDArray]:
        """Return the arrays that the optimiser keeps for a parameter, by their symbols."""
        state = self._optimizer.state.get(parameter, {})
        return {_KEPT[key]: _array(state[key]).copy() for key in _KEPT.keys() & state.keys()}

    def develop(self, step: int, logits: Tensor, config: TrainConfig, rate: float) -> BatchTaken:
        """Describe the step, now that it was taken.

        Parameters
        ----------
        step : int
            The step's number.
        logits : Tensor of shape (N, 10)
            The outputs before the step.
        config : TrainConfig
        rate : float
            The learning rate.
        """
        # A copy of the module, because batch normalisation would count these images twice.
        with torch.no_grad():
            after = cross_entropy(self._forward(deepcopy(self._module)), self._labels).item()
        shown = slice(MOST_PICTURES)
        every = logits.detach()
        logits, labels = every[shown], self._labels[shown]
        decay = {"2λ": config.weight_decay} if config.weight_decay else {}
        return BatchTaken(
            step,
            len(self._labels),
            np.rint(_array(self._images[shown, 0]) * 255).astype(np.uint8),
            _array(labels),
            _array(logits),
            _array(softmax(logits, dim=1)),
            _array(cross_entropy(logits, labels, reduction="none")),
            cross_entropy(every, self._labels).item(),
            after,
            rate,
            config.optimizer,
            rule(config),
            {"η": rate, **decay, **_constants(config.optimizer, step)},
            tuple(
                self._follow(name, p, weights, state, step, config)
                for (name, p), weights, state in zip(
                    self._module.named_parameters(), self._weights, self._states, strict=True
                )
            ),
        )

    def _follow(
        self,
        name: str,
        parameter: nn.Parameter,
        weights: NDArray[np.float32],
        state: dict[str, NDArray],
        step: int,
        config: TrainConfig,
    ) -> ParameterStep:
        """Describe the change of one array of weights."""
        gradient, after = _array(cast(Tensor, parameter.grad)), _array(parameter)
        flat = np.argsort(-np.abs(gradient), axis=None, kind="stable")[:SAMPLED]

        def sample(values: NDArray) -> NDArray[np.float32]:
            return values.ravel()[flat].astype(np.float32)

        terms = {f"{symbol} before": sample(values) for symbol, values in state.items()}
        if config.weight_decay:
            terms["2λ w"] = sample(config.weight_decay * weights)
        terms |= {symbol: sample(values) for symbol, values in self._state(parameter).items()}
        if config.optimizer in ADAM:
            for symbol, corrected, beta in zip("mv", ("m̂", "v̂"), BETAS, strict=True):
                terms[corrected] = terms[symbol] / np.float32(1 - beta**step)
        return ParameterStep(
            name,
            weights.shape,
            norm(weights),
            norm(after),
            norm(gradient),
            norm(after - weights),
            np.stack(np.unravel_index(flat, weights.shape), axis=1),
            sample(weights),
            sample(gradient),
            sample(after),
            terms,
        )


def rule(config: TrainConfig) -> tuple[str, ...]:
    """Return the update rule, line by line."""
    lines = _RULES[config.optimizer]
    if not config.weight_decay:
        return lines
    decay = "w ← w − η 2λ w" if config.optimizer == "adamw" else "g ← g + 2λ w"
    return (decay, *lines)


def _constants(optimizer: str, step: int) -> dict[str, float]:
    if optimizer in ADAM:
        return {"β₁": BETAS[0], "β₂": BETAS[1], "ε": EPSILON, "t": step}
    return {} if optimizer == "sgd" else {"α": MOMENTUM}


def _array(tensor: Tensor) -> NDArray:
    return tensor.detach().cpu().numpy()
