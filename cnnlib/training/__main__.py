"""Train networks, the shipped one too, and measure them: `python -m cnnlib.training --help`."""

import argparse
import hashlib
from dataclasses import fields, replace
from pathlib import Path

from cnnlib.checks import whole
from cnnlib.data import Dataset, load
from cnnlib.data.digits import built_in
from cnnlib.network import Network
from cnnlib.runs import sets
from cnnlib.runs.config import CHOICES, REAL, WHOLE, TrainConfig, parse
from cnnlib.runs.evaluate import count_correct
from cnnlib.runs.presets import PRESETS, PRETRAINING
from cnnlib.runs.start import Start
from cnnlib.training.pretrain import pretraining_sets

_DATA = 'a folder of IDX files, or "mnist", "built-in", "built-in-wild"'


def main(arguments: list[str] | None = None) -> None:
    """Run a command; if its input is at fault, print one sentence and exit with 1.

    Ctrl-C prints a sentence too, and exits with 130.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "Stopped.\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m cnnlib.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train a network and watch it in the terminal")
    train.add_argument(
        "--preset",
        choices=PRESETS,
        metavar="NAME",
        help=f"where to begin: {', '.join(PRESETS)}".replace("%", "%%"),
    )
    for field in fields(TrainConfig):
        train.add_argument(f"--{field.name.replace('_', '-')}", help=_range(field.name))
    train.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="WEIGHTS",
        help="the .npz or .safetensors file to begin with, of a network of this architecture",
    )
    train.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    train.add_argument("--out", type=Path, help="the .npz or .safetensors file to write")
    train.add_argument(
        "--dry-run", action="store_true", help="one epoch on a handful of built-in digits"
    )
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="print a network's accuracy, computed by NumPy")
    evaluate.add_argument("--weights", type=Path, required=True, help="the network's .npz file")
    evaluate.add_argument("--data", required=True, help=_DATA)
    evaluate.add_argument(
        "--split", choices=["train", "test"], help="default: test images, or train without them"
    )
    evaluate.add_argument("--last", type=int, metavar="N", help="measure on the last N images only")
    evaluate.set_defaults(run=_evaluate)

    record = commands.add_parser("record", help="train a preset and keep all that it tells")
    record.add_argument("--preset", choices=PRESETS, default="default", metavar="NAME")
    record.add_argument(
        "--out", type=Path, required=True, help="the .run file to write, with a .npz file beside it"
    )
    record.add_argument(
        "--dry-run", action="store_true", help="one epoch on a handful of built-in digits"
    )
    record.set_defaults(run=_record)

    pretrain = commands.add_parser("pretrain", help="train the network of the draw page")
    pretrain.add_argument("--data", default="mnist", help=f"{_DATA}; default: mnist")
    pretrain.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    pretrain.add_argument(
        "--epochs", type=int, default=PRETRAINING.epochs, help="default: %(default)s"
    )
    pretrain.add_argument("--seed", type=int, default=PRETRAINING.seed, help="default: %(default)s")
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


def _range(field: str) -> str:
    """Return the allowed values of a field, for its help."""
    if field in CHOICES:
        return ", ".join(CHOICES[field])
    if field in WHOLE or field in REAL:
        return "{:,g} to {:,g}".format(*(WHOLE | REAL)[field])
    return {
        "data": _DATA,
        "architecture": "such as conv3x8-max_conv3x16-max_out10",
        "batch_norm": "true or false",
    }[field]


def _train(options: argparse.Namespace) -> None:
    config = PRESETS[options.preset].config if options.preset else TrainConfig()
    given = {field.name: getattr(options, field.name) for field in fields(TrainConfig)}
    changes = {name: parse(name, text) for name, text in given.items() if text is not None}
    config = replace(config, **changes)
    if options.dry_run:
        config = _handful(config)
    start = None
    if options.start:
        start = Start(Network.load(options.start), f"the network of {options.start}")
        start.check(config.architecture)  # checked first, because making the data takes long
    network = _run(config, sets.make(config), options.threads, start)
    if options.out:
        _save(network, options.out)


def _handful(config: TrainConfig) -> TrainConfig:
    size = min(16, config.batch_size)
    return replace(config, data="built-in", images=96, batch_size=size, epochs=1, reports=1)


def _record(options: argparse.Namespace) -> None:
    import torch

    from cnnlib.training.record import record
    from cnnlib.training.trainer import train

    torch.set_num_threads(1)
    preset = PRESETS[options.preset]
    config = _handful(preset.config) if options.dry_run else preset.config
    recording, network = record(preset.title, train(config, sets.make(config)))
    _save(network, options.out.with_suffix(".npz"))
    recording.save(options.out)
    _tell_file(options.out, f"{len(recording.events)} events")


def _pretrain(options: argparse.Namespace) -> None:
    config = replace(PRETRAINING, seed=options.seed, epochs=options.epochs, device="cpu")
    dataset = load(options.data) if not options.dry_run else built_in(96)
    if options.dry_run:
        config = replace(config, epochs=1, batch_size=16)
    learned, held_out = pretraining_sets(dataset, config.seed)
    network = _run(config, (learned, held_out), threads=1)
    _save(network, options.out)
    print(_score(held_out, count_correct(network, held_out)))


def _run(
    config: TrainConfig,
    data: tuple[Dataset, Dataset],
    threads: int,
    start: Start | None = None,
) -> Network:
    import torch  # imported here, because measuring a network needs no torch

    from cnnlib.training.terminal import follow
    from cnnlib.training.trainer import train

    # With one thread the weights do not depend on the machine's other work.
    torch.set_num_threads(whole("threads", threads, 1))
    run = train(config, data, start)
    if start:
        print(f"Begins with {start.words}.")
    print(f"Learns from {data[0].name}.")
    follow(run)
    return run.network


def _save(network: Network, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    network.save(path)
    _tell_file(path, f"{network.parameter_count:,} parameters")


def _tell_file(path: Path, what: str) -> None:
    content = path.read_bytes()
    print(f"{path}: {what}, {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
