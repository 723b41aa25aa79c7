"""The files of a data folder that its database names."""

from pathlib import Path

from cnnlib.storage.runs import RunRows

RUNS = "runs"
START = "start.npz"


def named_files(folder: Path) -> tuple[set[Path], set[Path]]:
    """Return the files that a folder's database names and that are there, and missing checkpoints.

    Weights may have been thinned out, so those that are not there are not missed.
    """
    rows, named, missing = RunRows(folder), set[Path](), set[Path]()
    try:
        for row in [*rows.within(()), *rows.outside(())]:
            place = Path(RUNS) / row["id"]
            there = {path.name for path in (folder / place).glob("*.npz")}
            checkpoint = f"state-{row['checkpoint']}.npz" if row["checkpoint"] else ""
            if checkpoint and checkpoint not in there and row["state"] in _GO_ON:
                missing.add(place / checkpoint)
            named |= {
                place / name
                for name in there
                if name in (START, checkpoint) or _is_told(name, row["told"])
            }
    finally:
        rows.close()
    return named, missing


_GO_ON = ("queued", "training", "paused", "interrupted", "failed")


def _is_told(name: str, told: int) -> bool:
    stem = name.removesuffix(".npz")
    return stem.isascii() and stem.isdecimal() and len(stem) < 16 and int(stem) <= told
