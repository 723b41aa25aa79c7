"""`python -m cnnlib.admin`: who trains, who holds how much; stop, delete, quotas."""

import argparse
import sys
from contextlib import closing

from cnnlib.admin import report
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import FILE, FOLDER_VARIABLE, RecordsError, data_folder
from cnnlib.talks.store import TalkStore

WORDS = {
    "who": "list owners, what trains, and how much is held",
    "runs": "list runs",
    "quotas": "list limits",
    "stop": "stop runs",
    "delete": "delete runs, or talks, which their owners can bring back",
}


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments ask, and return the process's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m cnnlib.admin",
        description=f"Look at a server's data and tidy them. The data are those of "
        f"{FOLDER_VARIABLE}, or else of the usual folder.",
    )
    parser.add_argument("what", choices=WORDS, help="; ".join(map(": ".join, WORDS.items())))
    parser.add_argument("ids", nargs="*", metavar="ID", help="of runs, and of talks to delete")
    # An id may begin with a hyphen, so it is no option.
    first, *ids = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    asked = parser.parse_args([first]).what
    if not ids and asked in ("stop", "delete"):
        parser.error(f"{asked} whom? Write the ids that `runs` lists, or that links show")
    try:
        return _do(asked, ids)
    except RecordsError as error:
        print(f"{asked} failed: {error}", file=sys.stderr)
        return 1


def _do(word: str, ids: list[str]) -> int:
    if word == "quotas":
        print(report.quotas())
        return 0
    folder = data_folder()
    if not (folder / FILE).is_file():
        raise RecordsError(f"{folder} holds no {FILE}: name a server's folder in {FOLDER_VARIABLE}")
    with closing(RunStore(folder)) as store, closing(TalkStore(folder)) as talks:
        if word == "who":
            print(report.who(store, talks))
        elif word == "runs":
            print(report.runs(store))
        else:
            told = [_order(store, talks, word, one) for one in ids]
            return 0 if all(told) else 1
    return 0


def _order(store: RunStore, talks: TalkStore, word: str, name: str) -> bool:
    if store.order(name, word):
        print(f"{name}: a server carries it out within some seconds, or when it starts.")
    elif word == "delete" and talks.remove(name):
        print(f"{name}: the talk is deleted; its owner can bring it back for thirty days.")
    else:
        print(f"{name}: there is no such run{' or talk' * (word == 'delete')}.", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
