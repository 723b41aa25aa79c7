"""One step of a training run, taken apart: pictures, answers, losses, gradients and the update."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.runs.events import BatchTaken, ParameterStep
from cnnlib.ui.components import register

_mount = register("batch")


def show(batch: BatchTaken, *, key: str) -> None:
    """Show a step; choosing a picture or an array of weights happens in the browser."""
    rows, columns = batch.pictures.shape[1:]
    losses = np.where(np.isfinite(batch.losses), batch.losses, np.inf)
    data = {
        "step": batch.step,
        "rows": rows,
        "columns": columns,
        "worst": int(losses.argmax()),
        "pictures": [_picture(batch, at) for at in range(len(batch.pictures))],
        "optimizer": batch.optimizer,
        "rule": batch.rule,
        "constants": constants(batch),
        "parameters": [_parameter(step) for step in batch.parameters],
    }
    _mount(data, key=key, body=batch.pictures.tobytes())


def constants(batch: BatchTaken) -> str:
    """Return the numbers of the update rule, the learning rate first."""
    named = {"η": batch.learning_rate} | batch.constants
    return ", ".join(f"{name} = {value:.4g}" for name, value in named.items())


def _picture(batch: BatchTaken, at: int) -> dict[str, Any]:
    return {
        "label": int(batch.labels[at]),
        "said": int(batch.logits[at].argmax()),
        "logits": _plain(batch.logits[at]),
        "probabilities": _plain(batch.probabilities[at]),
        "loss": _plain(batch.losses[at]),
    }


def _parameter(step: ParameterStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "shape": step.shape,
        "gradient_norm": _plain(step.gradient_norm),
        "norm_before": _plain(step.norm_before),
        "update_norm": _plain(step.update_norm),
        "indices": step.indices.tolist(),
        "before": _plain(step.before),
        "gradient": _plain(step.gradient),
        "after": _plain(step.after),
        "terms": {name: _plain(values) for name, values in step.terms.items()},
    }


def _plain(values: float | NDArray) -> Any:
    """Return numbers as JSON has them: None where one is not finite, as in a run that diverges."""
    numbers = np.asarray(values, float)
    if numbers.ndim:
        return [_plain(number) for number in numbers]
    return float(numbers) if np.isfinite(numbers) else None
