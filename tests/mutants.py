"""Make small changes to the core, one at a time, and tell which of them its tests notice.

A change is one operator, comparison, number or switch. It is made in a copy of the tree, where
the changed module's own tests run: the file that mirrors it, and the examples in its docstrings.
A change that they do not notice is printed. Either it changes nothing that anybody could see, and
is named in `EQUIVALENT` with the reason, or a test is missing. The same seed samples the same
changes.
"""

import argparse
import ast
import copy
import os
import queue
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.equivalents import EQUIVALENT
from tests.mirror import own_tests

ROOT = Path(__file__).parents[1]
CORE = (
    "cnnlib/*.py",
    "cnnlib/data/*.py",
    "cnnlib/drawings/*.py",
    "cnnlib/models/*.py",
    "cnnlib/runs/diagnosis.py",
    "cnnlib/walkthroughs/*.py",
)
BAR = 0.92
_TOLD = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
# The parts of the tree that tests need.
COPIED = ("app.py", "assets", "cnnlib", "pages", "pyproject.toml", "serve.py", "tests")

_SWAPS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Change:
    """One small change to a module."""

    number: int  # of the line where it begins
    before: str
    after: str
    line: str  # that line, changed
    source: str  # the whole module, changed


def changes(source: str) -> list[list[Change]]:
    """Return the small changes to a module's source, those of one place together."""
    ends = [0]
    for line in source.encode().splitlines(keepends=True):
        ends.append(ends[-1] + len(line))
    text, found = source.encode(), []
    for node in _sites(ast.parse(source)):
        first = ends[node.lineno - 1] + node.col_offset
        last = ends[node.end_lineno - 1] + node.end_col_offset
        before = text[first:last].decode()
        if _meaning(before) != ast.dump(node):
            continue  # inside an f-string, where Python 3.11 knows no places
        here = []
        for changed in _changed(node):
            after = ast.unparse(changed)
            if isinstance(node, ast.BoolOp) or isinstance(getattr(node, "op", None), ast.Pow):
                after = f"({after})"
            whole = (text[:first] + after.encode() + text[last:]).decode()
            line = whole.splitlines()[node.lineno - 1].strip()
            here.append(Change(node.lineno, " ".join(before.split()), after, line, whole))
        found += [here] if here else []
    return found


def _meaning(text: str) -> str:
    try:
        return ast.dump(ast.parse(f"({text})", mode="eval").body)
    except SyntaxError:
        try:
            (statement,) = ast.parse(text).body
        except (SyntaxError, ValueError):
            return ""
        return ast.dump(statement)


def _sites(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may be changed below a node: no types, no decorators, no guards of `zip`."""
    if isinstance(node, ast.expr | ast.AugAssign):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            guard = isinstance(child, ast.keyword) and child.arg == "strict"
            if isinstance(child, ast.AST) and not guard:
                yield from _sites(child)


def _changed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield each small change to one node."""
    if isinstance(node, ast.Constant):
        for value in _near(node.value):
            yield ast.Constant(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            changed = copy.deepcopy(node)
            changed.ops[at] = _SWAPS[type(operator)]()
            yield changed
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in _SWAPS:
        changed = copy.deepcopy(node)
        changed.op = _SWAPS[type(node.op)]()
        yield changed


def _near(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [value * 2 or 1.0] if isinstance(value, float) else []


class Copy:
    """A copy of the tree, in which one change at a time is made and tested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in COPIED:
            path = ROOT / name
            if path.is_dir():
                shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, folder / name)
        self._said = (folder / "said.txt").open("w+", encoding="utf-8")
        self._trials = subprocess.Popen(
            [sys.executable, "-m", "tests.trials"],
            cwd=folder,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def unnoticed(self, module: Path, made: list[Change], seed: int) -> list[Change]:
        """Return those of the changes to a module that its own tests do not notice."""
        place = self.folder / module
        source = place.read_text(encoding="utf-8")
        status, seconds = self._tested(module, seed, 300)
        if status == 5:
            raise RuntimeError(f"{module} has no tests of its own: `tests/mirror.py` finds none")
        if status:
            self._said.seek(0)
            raise RuntimeError(f"{module}, as it stands: {self._said.read()[-4000:]}")
        found = []
        for one in made:
            place.write_text(one.source, encoding="utf-8")
            if self._tested(module, seed, 5 + 3 * seconds)[0] == 0:
                found.append(one)
        place.write_text(source, encoding="utf-8")
        return found

    def _tested(self, module: Path, seed: int, limit_s: float) -> tuple[int, float]:
        """Return pytest's status for the module's own tests, and the seconds that they took."""
        tests = map(str, (*own_tests(module), module))
        told = shlex.join([*_TOLD, f"--hypothesis-seed={seed}", *tests])
        self._trials.stdin.write(f"{limit_s} {told}\n")
        self._trials.stdin.flush()
        status, seconds = self._trials.stdout.readline().split()
        return int(status), float(seconds)

    def close(self) -> None:
        """End the process that runs the tests."""
        self._trials.stdin.close()
        self._trials.wait()
        self._said.close()


def modules() -> list[Path]:
    """Return the modules of the core in which something may be changed."""
    found = []
    for pattern in CORE:
        paths = sorted(ROOT.glob(pattern))
        if not paths:
            raise RuntimeError(f"{pattern} names no module: the core has moved")
        found += [path.relative_to(ROOT) for path in paths]
    return [path for path in found if changes((ROOT / path).read_text(encoding="utf-8"))]


def sample(module: Path, most: int, chance: random.Random) -> list[Change]:
    """Draw some changes to a module, none twice at the same place."""
    named = EQUIVALENT.get(module.as_posix(), {})
    source = (ROOT / module).read_text(encoding="utf-8")
    places = [[one for one in here if one.line not in named] for here in changes(source)]
    places = [here for here in places if here]
    return [chance.choice(here) for here in chance.sample(places, min(most, len(places)))]


def main() -> None:
    """Sample, run and report; end with an error where too few changes were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", type=Path, help="by default, some of the core")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sampled", type=int, default=24, help="how many modules; default 24")
    parser.add_argument("--each", type=int, default=8, help="changes to each module; default 8")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="copies tested at once")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    every = modules()
    chosen = options.modules or sorted(chance.sample(every, min(options.sampled, len(every))))
    drawn = {module: sample(module, options.each, chance) for module in chosen}
    tried, survived = sum(map(len, drawn.values())), 0
    print(f"{tried} changes to {len(chosen)} of {len(every)} modules, seed {options.seed}")
    with (
        tempfile.TemporaryDirectory(prefix="classroom-mutants-") as folder,
        ThreadPoolExecutor(options.jobs) as pool,
        ExitStack() as stack,
    ):
        copies: queue.Queue[Copy] = queue.Queue()
        for number in range(options.jobs):
            copies.put(stack.enter_context(closing(Copy(Path(folder, str(number))))))

        def unnoticed(module: Path) -> list[Change]:
            place = copies.get()
            try:
                return place.unnoticed(module, drawn[module], options.seed)
            finally:
                copies.put(place)

        for module, passed in zip(chosen, pool.map(unnoticed, chosen), strict=True):
            survived += len(passed)
            for change in passed:
                print(f"{module}:{change.number}: {change.before} → {change.after}")
            made = len(drawn[module])
            print(f"{module}: {made - len(passed)} of {made}", flush=True)
    share = 1 - survived / tried
    print(f"noticed: {tried - survived} of {tried}, {share:.1%}")
    if share < BAR:
        sys.exit(f"at least {BAR:.0%} should be")


if __name__ == "__main__":
    main()
