"""The training loop: a configuration in, events out. It prints nothing and knows no screen."""

import math
from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from cnnlib.data import Dataset
from cnnlib.network import Network
from cnnlib.runs import sets
from cnnlib.runs.config import ConfigError, TrainConfig
from cnnlib.runs.events import Begun, Diverged, Ended, Event, Report, StepDone, decode, encode
from cnnlib.runs.schedules import share
from cnnlib.runs.start import Start
from cnnlib.training.batches import Batches
from cnnlib.training.measure import first_filters, layer_statistics, norm, read
from cnnlib.training.memory import keep_freed
from cnnlib.training.microscope import Slide
from cnnlib.training.model import build, to_network
from cnnlib.training.optimizers import device, optimizer
from cnnlib.training.start import begin_from
from cnnlib.training.tensors import floats, like
from cnnlib.walkthroughs.numbers import brief

_PROBED = 64  # validation images whose activations a report counts
_PROBE_COST = 200_000_000  # the most multiplications that counting may take


def train(
    config: TrainConfig,
    data: tuple[Dataset, Dataset] | None = None,
    start: Start | None = None,
) -> "Training":
    """Begin a run.

    Parameters
    ----------
    config : TrainConfig
    data : (Dataset, Dataset), optional
        The images to learn from, and those to validate on; by default those of
        `sets.make(config)`.
    start : Start, optional
        Weights to begin with, in place of random ones.

    Raises
    ------
    ConfigError
        If the data are fewer than a batch, or the device isn't there.
    ValueError, OSError
        If the data can't be had, or the weights are of another architecture.
    """
    return Training(config, *(data or sets.make(config)), start)


class Training(Iterator[Event]):
    """A run. Iterate over the run for its events, and stop iterating to pause it.

    The first event is `Begun`. A `StepDone` follows every step, and a `Report` follows the steps
    at which one is due and the last step. `Ended` is the last event, with `Diverged` before it if
    the loss was no longer finite.

    Parameters
    ----------
    config : TrainConfig
    dataset, held_out : Dataset
        The run learns nothing from `held_out`, except that early stopping chooses by it.
    start : Start, optional

    Attributes
    ----------
    step, steps : int
        How many steps are done, and how many the run has.
    seconds : float
        Time spent in the run, with measurements and without pauses.
    """

    def __init__(
        self,
        config: TrainConfig,
        dataset: Dataset,
        held_out: Dataset,
        start: Start | None = None,
    ) -> None:
        started = perf_counter()
        if len(dataset) < config.batch_size:
            raise ConfigError(
                "batch_size",
                f"{config.batch_size} is more than the {len(dataset)} images there are: "
                "use more images or a smaller batch",
            )
        keep_freed()
        self.config, self.held_out = config, held_out
        self._device = device(config.device)
        module = build(
            config.architecture,
            batch_norm=config.batch_norm,
            dropout=config.dropout,
            seed=config.seed,
        )
        # Channels last is the layout in which the CPU's convolutions run fastest.
        self._module: nn.Sequential = module.to(  # type: ignore[call-overload]
            self._device, memory_format=torch.channels_last
        )
        if start:
            start.check(config.architecture)
            begin_from(self._module, start.network, dataset)
        self._shown = deepcopy(self._module).eval() if config.averaging else self._module
        self._module.train()
        self._parameters = list(self._module.parameters())
        self._optimizer = optimizer(config, self._parameters, self._device.type)
        self._learning_rate = self._rate = config.learning_rate
        generator = torch.Generator().manual_seed(config.seed)
        self._batches = Batches(dataset, config.batch_size, config.augmentation, generator)
        self.step, self.steps = 0, config.epochs * self._batches.per_epoch
        self.seconds = 0.0

        self._current, self._averaged = floats(self._module), floats(self._shown)
        self._good = [tensor.clone() for tensor in self._current]
        self._best = [tensor.clone() for tensor in self._averaged]
        self._best_loss, self._best_step = math.inf, 0
        self._filters = first_filters(self.network)
        self._forget_sums()
        self._queue: deque[Event] = deque()
        self._over = False
        self._queue.append(
            Begun(
                sum(p.numel() for p in self._parameters),
                len(dataset),
                len(held_out),
                self.steps,
                self._batches.per_epoch,
                self._device.type,
                torch.get_num_threads(),
            )
        )
        self.seconds += perf_counter() - started

    @property
    def learning_rate(self) -> float:
        """The highest rate of the schedule; setting it scales the rest of the schedule."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = TrainConfig(learning_rate=value).learning_rate

    @property
    def network(self) -> Network:
        """The network as learned so far, with averaged weights if the run averages."""
        return to_network(self._shown)

    def __next__(self) -> Event:
        """Go on to the next event."""
        if not self._queue:
            self._advance()
        if not self._queue:
            raise StopIteration
        return self._queue.popleft()

    def microscope(self) -> Event | None:
        """Go on to the next event, with a step under the microscope.

        If a step is taken, its `BatchTaken` is returned, and its `StepDone` follows. If another
        event waits, that event is returned, and None if the run is over.
        """
        if not self._queue:
            self._advance(magnified=True)
        return self._queue.popleft() if self._queue else None

    def _advance(self, *, magnified: bool = False) -> None:
        """Queue the next events, unless the run is over."""
        if self._over:
            return
        self._started = perf_counter()
        ending: tuple[str, str] | None = None
        if not self._take_step(magnified=magnified):
            ending = self._diverge("the loss", self._loss)
        elif self._report_due():
            ending = self._report()
        if ending is None and self.step == self.steps:
            ending = "finished", f"All {self.steps:,} steps were taken."
        self.seconds = self._seconds()
        if ending:
            self._over = True
            self._queue.append(Ended(*ending, self.seconds, self.step))

    def _seconds(self) -> float:
        return self.seconds + perf_counter() - self._started

    def _take_step(self, *, magnified: bool) -> bool:
        """Learn from one batch, unless its loss is not finite."""
        config, step = self.config, self.step
        images, labels = (tensor.to(self._device) for tensor in self._batches.take())
        images = images.contiguous(memory_format=torch.channels_last)

        def forward(module: nn.Module) -> Tensor:
            if config.dropout:
                # Dropout takes no generator, so the global one is set by the run's seed and step.
                torch.manual_seed((config.seed << 32) + step)
            return module(images)  # (N, 10)

        slide = Slide(self._module, self._optimizer, images, labels, forward) if magnified else None
        logits = forward(self._module)
        loss = cross_entropy(logits, labels)
        self._loss = loss.item()
        if not math.isfinite(self._loss):
            return False
        self._rate = self._learning_rate * share(config.schedule, step / self.steps)
        torch._foreach_copy_(self._good, self._current)
        self._optimizer.zero_grad()
        loss.backward()
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate
        self._optimizer.step()
        self.step += 1
        self._average()
        correct, count = int((logits.argmax(dim=1) == labels).sum()), len(labels)
        self._loss_sum += self._loss * count
        self._correct_sum += correct
        self._count += count
        if slide:
            self._queue.append(slide.develop(self.step, logits, config, self._rate))
        self._queue.append(
            StepDone(self.step, self.steps, self._epoch, self._loss, correct, count, self._rate)
        )
        return True

    @torch.no_grad()
    def _average(self) -> None:
        """Move the averaged weights towards the current ones."""
        if self.config.averaging:
            # The average moves faster in the first steps, so that it forgets untrained weights.
            decay = min(self.config.averaging, self.step / (self.step + 10))
            torch._foreach_lerp_(self._averaged, self._current, 1 - decay)

    @property
    def _epoch(self) -> float:
        return self.step / self._batches.per_epoch

    def _report_due(self) -> bool:
        done, before = (
            step * self.config.reports // self._batches.per_epoch
            for step in (self.step, self.step - 1)
        )
        return done > before or self.step == self.steps

    def _report(self) -> tuple[str, str] | None:
        """Measure, and queue the results; return how the run ends, if it does."""
        self._shown.eval()
        reading = read(self._shown, self.held_out, self._device)
        self._module.train()
        if not math.isfinite(reading.loss):
            return self._diverge("the validation loss", reading.loss)
        network = self.network
        filters = first_filters(network)
        cost = sum(row.multiplications for row in self.config.architecture.rows())
        probed = self.held_out.images[: max(1, min(_PROBED, _PROBE_COST // cost))]
        report = Report(
            self.step,
            self._epoch,
            self._seconds(),
            self._loss_sum / self._count,
            self._correct_sum / self._count,
            reading.loss,
            reading.accuracy,
            reading.confusion,
            reading.wrong,
            reading.said,
            reading.confidence,
            filters,
            float(np.abs(filters - self._filters).mean()),
            layer_statistics(network, probed, self._gradients()),
        )
        self._filters = filters
        self._forget_sums()
        self._queue.append(report)
        return self._stop_early(report.validation_loss)

    def _forget_sums(self) -> None:
        self._loss_sum, self._correct_sum, self._count = 0.0, 0, 0

    def _stop_early(self, loss: float) -> tuple[str, str] | None:
        patience = self.config.early_stopping
        if not patience:
            return None
        if loss < self._best_loss:
            self._best_loss, self._best_step = loss, self.step
            torch._foreach_copy_(self._best, self._averaged)
        elif self.step - self._best_step >= patience * self._batches.per_epoch:
            torch._foreach_copy_(self._averaged, self._best)
            best = self._best_step / self._batches.per_epoch
            return "stopped early", (
                f"The validation loss was lowest after epoch {best:.3g}, at {self._best_loss:.4f}, "
                f"and {patience} more epochs brought no better one. The weights of that epoch are "
                "kept."
            )
        return None

    def _diverge(self, what: str, loss: float) -> tuple[str, str]:
        """Bring the last good weights back and queue `Diverged`; return how the run ends."""
        norms = {name: norm(gradient) for name, gradient in self._gradients().items()}
        torch._foreach_copy_(self._current, self._good)
        torch._foreach_copy_(self._averaged, self._good)
        value = "not a number" if math.isnan(loss) else "infinite"
        sentence = f"In step {self.step + 1:,} {what} was {value}."
        if norms:
            largest = max(norms, key=norms.__getitem__)
            sentence += (
                f" The step before was taken at learning rate {brief(self._rate)}, and {largest} "
                f"had a gradient of norm {brief(norms[largest])}: use a smaller learning rate."
            )
        self._queue.append(Diverged(self.step + 1, loss, norms, self._rate, sentence))
        return "diverged", sentence

    def _gradients(self) -> dict[str, NDArray]:
        """Return the gradients of the last step, by parameter."""
        named = self._module.named_parameters()
        return {name: p.grad.cpu().numpy() for name, p in named if p.grad is not None}

    def state(self) -> dict[str, NDArray]:
        """Return all that the run needs to go on from here, as arrays for a .npz file."""
        state = {name: np.array(getattr(self, name)) for name in _NUMBERS}
        state["filters"] = self._filters
        for kind, tensors in self._kept().items():
            state |= {f"{kind}.{i}": t.cpu().numpy().copy() for i, t in enumerate(tensors)}
        for number, own in self._optimizer.state_dict()["state"].items():
            kept = {key: value for key, value in own.items() if value is not None}
            state |= {f"optimizer.{number}.{key}": v.cpu().numpy() for key, v in kept.items()}
        state |= {f"batches.{key}": np.array(v) for key, v in self._batches.state().items()}
        for number, event in enumerate(self._queue):
            state[f"queue.{number}"] = np.frombuffer(encode(event), np.uint8)
        return deepcopy(state)

    def restore(self, state: Mapping[str, NDArray]) -> None:
        """Go on from a state that a run of the same configuration and data returned.

        Raises
        ------
        ValueError
            If the state is of another run.
        """
        ours, shapes = self.state(), {name: array.shape for name, array in state.items()}
        fixed = [name for name in ours if not name.startswith(("queue.", "optimizer."))]
        if any(shapes.get(name) != ours[name].shape for name in fixed):
            raise ValueError("this checkpoint is of another run: begin anew, or use its own")
        for name in _NUMBERS:
            setattr(self, name, state[name].item())
        self._filters = state["filters"]
        with torch.no_grad():
            for kind, tensors in self._kept().items():
                for i, tensor in enumerate(tensors):
                    tensor.copy_(torch.tensor(state[f"{kind}.{i}"]))
        own: dict[int, dict[str, Tensor]] = {}
        for name in (name for name in state if name.startswith("optimizer.")):
            _, number, key = name.split(".")
            own.setdefault(int(number), {})[key] = like(self._parameters[int(number)], state[name])
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": own, "param_groups": groups})
        self._batches.restore(
            {n.removeprefix("batches."): v for n, v in state.items() if n.startswith("batches.")}
        )
        waiting = sorted((n for n in state if n.startswith("queue.")), key=lambda n: int(n[6:]))
        self._queue = deque(decode(state[name].tobytes()) for name in waiting)

    def _kept(self) -> dict[str, list[Tensor]]:
        """Return the tensors that a run needs to go on, by their purpose."""
        kept = {"current": self._current, "good": self._good}
        if self.config.averaging:
            kept["averaged"] = self._averaged
        if self.config.early_stopping:
            kept["best"] = self._best
        return kept


# The plain numbers that a run needs to go on.
_NUMBERS = (
    "step",
    "seconds",
    "_learning_rate",
    "_rate",
    "_loss_sum",
    "_correct_sum",
    "_count",
    "_best_loss",
    "_best_step",
    "_over",
)
