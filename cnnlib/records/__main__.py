"""`python -m cnnlib.records backup FILE` and `restore FILE`: a server's data as one file."""

import argparse
import sys
from pathlib import Path

from cnnlib.records.backup import back_up
from cnnlib.records.restore import restore
from cnnlib.storage.database import FOLDER_VARIABLE, RecordsError, data_folder


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments ask, and return the process's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m cnnlib.records",
        description=f"Keep a server's runs and talks in one file. The data are those of "
        f"{FOLDER_VARIABLE}, or else of the usual folder.",
    )
    parser.add_argument("what", choices=("backup", "restore"), help="backup goes beside a server")
    parser.add_argument("file", type=Path, help="a tar archive")
    asked = parser.parse_args(arguments)
    folder = data_folder()
    try:
        if asked.what == "backup":
            count = back_up(folder, asked.file)
            print(f"{folder} is kept in {asked.file}, with the weights of {count:,} runs.")
        else:
            count = restore(asked.file, folder)
            print(f"{asked.file} is restored to {folder}, with the weights of {count:,} runs.")
    except RecordsError as error:
        print(f"{asked.what} failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
