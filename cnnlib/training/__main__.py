"""Make the shipped network, and measure networks: `python -m cnnlib.training --help`."""

import argparse
import hashlib
import time
from pathlib import Path

from cnnlib.data import Dataset, load
from cnnlib.network import Network
from cnnlib.training.config import Config
from cnnlib.training.evaluate import count_correct
from cnnlib.training.events import EpochDone

_DATA = 'a folder of IDX files, or "mnist", "built-in", "built-in-wild"'


def main(arguments: list[str] | None = None) -> None:
    """Run a command; where its input is at fault, say so in one sentence and exit with 1."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m cnnlib.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    evaluate = commands.add_parser("evaluate", help="print a network's accuracy, computed by NumPy")
    evaluate.add_argument("--weights", type=Path, required=True, help="the network's .npz file")
    evaluate.add_argument("--data", required=True, help=_DATA)
    evaluate.add_argument(
        "--split", choices=["train", "test"], help="default: test images, or train without them"
    )
    evaluate.add_argument("--last", type=int, metavar="N", help="measure on the last N images only")
    evaluate.set_defaults(run=_evaluate)

    pretrain = commands.add_parser("pretrain", help="train the network of the draw page")
    pretrain.add_argument("--data", default="mnist", help=f"{_DATA}; default: mnist")
    pretrain.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    pretrain.add_argument("--epochs", type=int, default=Config.epochs, help="default: %(default)s")
    pretrain.add_argument("--seed", type=int, default=Config.seed, help="default: %(default)s")
    pretrain.add_argument(
        "--dry-run", action="store_true", help="one epoch on a handful of built-in digits"
    )
    pretrain.set_defaults(run=_pretrain)
    return parser


def _evaluate(options: argparse.Namespace) -> None:
    network = Network.load(options.weights)
    dataset = _load(options.data, options.split)
    if options.last is not None:
        if not 1 <= options.last <= len(dataset):
            raise ValueError(f"--last {options.last}: {dataset.name} are {len(dataset):,} images")
        part = slice(len(dataset) - options.last, None)
        dataset = Dataset(dataset.images[part], dataset.labels[part], f"{dataset.name}, the last")
    print(_score(dataset, count_correct(network, dataset)))


def _load(data: str, split: str | None) -> Dataset:
    if split:
        return load(data, split)
    try:
        return load(data, "test")
    except FileNotFoundError:
        return load(data, "train")


def _score(dataset: Dataset, correct: int) -> str:
    return (
        f"{dataset.name}: {correct:,} of {len(dataset):,} right, "
        f"accuracy {100 * correct / len(dataset):.2f}%"
    )


def _pretrain(options: argparse.Namespace) -> None:
    import torch  # only here: measuring a network needs none

    from cnnlib.data.digits import built_in
    from cnnlib.training.pretrain import Pretraining

    torch.set_num_threads(1)  # the same weights whatever else the machine is doing
    if options.dry_run:
        dataset, config = built_in(96), Config(epochs=1, batch_size=16, seed=options.seed)
    else:
        dataset, config = load(options.data), Config(epochs=options.epochs, seed=options.seed)
    started = time.monotonic()
    run = Pretraining(dataset, config)
    for event in run:
        if isinstance(event, EpochDone):
            print(
                f"epoch {event.epoch} of {event.epochs}: loss {event.loss:.4f}, "
                f"accuracy {100 * event.accuracy:.2f}% on varied images, "
                f"{100 * event.held_out:.2f}% held out, {time.monotonic() - started:.0f} s",
                flush=True,
            )
    network = run.network
    options.out.parent.mkdir(parents=True, exist_ok=True)
    network.save(options.out)
    content = options.out.read_bytes()
    print(_score(run.held_out, count_correct(network, run.held_out)))
    print(
        f"{options.out}: {network.parameter_count:,} parameters, {len(content):,} bytes, "
        f"sha256 {hashlib.sha256(content).hexdigest()}"
    )


if __name__ == "__main__":
    main()
