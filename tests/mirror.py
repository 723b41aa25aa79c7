"""A module's own tests: those of the file that mirrors the module, or that speaks for it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]

# Files of tests that mirror no module by their name, and the modules that they speak for.
SPEAKS_FOR = {
    "tests/data/test_data.py": ("cnnlib/data/__init__.py",),
    "tests/data/test_samples.py": (
        "cnnlib/data/curves.py",
        "cnnlib/data/digits.py",
        "cnnlib/data/hand.py",
        "cnnlib/data/pen.py",
        "cnnlib/data/scenes.py",
    ),
    "tests/models/test_architecture.py": (
        "cnnlib/models/block.py",
        "cnnlib/models/layer_table.py",
    ),
    "tests/test_shortcuts.py": ("cnnlib/network.py",),
    "tests/walkthroughs/test_methods.py": (
        "cnnlib/walkthroughs/axis.py",
        "cnnlib/walkthroughs/build.py",
        "cnnlib/walkthroughs/copies.py",
        "cnnlib/walkthroughs/examples.py",
        "cnnlib/walkthroughs/matrix.py",
        "cnnlib/walkthroughs/parts.py",
        "cnnlib/walkthroughs/sliding.py",
    ),
}


def own_tests(module: Path) -> list[Path]:
    """Return the files that hold a module's own tests; paths are relative to the project."""
    mirrored = Path("tests", *module.parts[1:-1], f"test_{module.name}")
    speakers = [test for test, modules in SPEAKS_FOR.items() if module.as_posix() in modules]
    return [path for path in (mirrored, *map(Path, speakers)) if (ROOT / path).exists()]
