"""The training loop: batches in, events out. It prints nothing and knows no screen."""

import math
from collections.abc import Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from cnnlib.data import Dataset
from cnnlib.images import to_input
from cnnlib.training.config import Config
from cnnlib.training.events import EpochDone, StepDone
from cnnlib.training.vary import vary

_AT_ONCE = 500  # images in a forward pass that learns nothing


class Trainer:
    """Trains one module on one set of digits.

    Parameters
    ----------
    module : nn.Sequential
        From (N, 1, 28, 28) to logits (N, 10); its weights change as the run goes on.
    dataset, held_out : Dataset
        To learn from, and to measure on after each epoch. Nothing is learned from `held_out`.
    config : Config

    Attributes
    ----------
    averaged : nn.Sequential
        The module with the moving average of its weights: what a run is for.
    """

    def __init__(
        self, module: nn.Sequential, dataset: Dataset, held_out: Dataset, config: Config
    ) -> None:
        if len(dataset) < config.batch_size:
            raise ValueError(
                f"{len(dataset)} images are fewer than a batch of {config.batch_size}: "
                "use more images or a smaller batch"
            )
        # Channels last is the layout in which the CPU's convolutions run fastest.
        self.module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.dataset, self.held_out, self.config = dataset, held_out, config
        self.averaged = deepcopy(self.module).eval()
        self._generator = torch.Generator().manual_seed(config.seed)

    def run(self) -> Iterator[StepDone | EpochDone]:
        """Train, yielding an event after every step and after every epoch.

        A caller that stops listening stops the run.
        """
        config = self.config
        batches = len(self.dataset) // config.batch_size
        steps = config.epochs * batches
        optimizer = torch.optim.AdamW(
            self.module.parameters(), config.learning_rate, weight_decay=config.weight_decay
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: one_cycle(step / steps)
        )
        self.module.train()
        step = 0
        for epoch in range(1, config.epochs + 1):
            loss_sum, correct_sum = 0.0, 0
            order = torch.randperm(len(self.dataset), generator=self._generator)
            for indices in order[: batches * config.batch_size].split(config.batch_size):
                loss, correct = self._learn(indices, optimizer)
                schedule.step()
                step += 1
                self._average(step)
                loss_sum += loss
                correct_sum += correct
                rate = schedule.get_last_lr()[0]
                yield StepDone(step, steps, step / batches, loss, correct, len(indices), rate)
            yield EpochDone(
                epoch,
                config.epochs,
                loss_sum / batches,
                correct_sum / (batches * config.batch_size),
                count_correct(self.averaged, self.held_out) / len(self.held_out),
            )

    def _learn(self, indices: Tensor, optimizer: torch.optim.Optimizer) -> tuple[float, int]:
        """Take one step on the images of these indices; return its loss and what was right."""
        images = torch.from_numpy(to_input(self.dataset.images[indices]))  # (N, 1, 28, 28)
        labels = torch.from_numpy(self.dataset.labels[indices]).long()  # (N,)
        images = vary(images, self._generator, self.config.variation)
        logits = self.module(images.contiguous(memory_format=torch.channels_last))  # (N, 10)
        loss = cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item(), int((logits.argmax(dim=1) == labels).sum())

    @torch.no_grad()
    def _average(self, step: int) -> None:
        """Move the averaged weights towards the current ones."""
        # Faster in the first steps, so that the untrained weights are soon forgotten.
        decay = min(self.config.averaging, step / (step + 10))
        current = self.module.state_dict()
        for name, averaged in self.averaged.state_dict().items():
            if averaged.is_floating_point():  # all but batch normalisation's counter of batches
                averaged.lerp_(current[name], 1 - decay)


def one_cycle(done: float) -> float:
    """Return the learning rate's share of its highest, when this share of the run is done.

    Linear from 4% to 100% over the first 15% of the run, then half a cosine down to 10%.
    """
    if done < 0.15:
        return 0.04 + 0.96 * done / 0.15
    return 0.1 + 0.9 * (1 + math.cos(math.pi * (done - 0.15) / 0.85)) / 2


@torch.no_grad()
def count_correct(module: nn.Module, dataset: Dataset) -> int:
    """Count the images that a module, in evaluation mode, reads right."""
    correct = 0
    for start in range(0, len(dataset), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        logits = module(torch.from_numpy(to_input(dataset.images[part])))  # (N, 10)
        correct += int((logits.argmax(dim=1).numpy() == dataset.labels[part]).sum())
    return correct
