"""Values at the ends of each field of a lesson, for sweeps and for fuzzing."""

from cnnlib.lessons.fields import Choice, Grid, Place, Switch, Text, Whole

STACKS = (
    "conv11p5, conv3p99, conv99p99",
    ", ".join(["conv11p5"] * 12),
    ", ".join(["conv3p99"] * 12),
    ", ".join(["conv99p99"] * 12),
    ", ".join(["pool9s1p4"] * 12),
    "conv99d99",
)


def grid(rows, columns, cell):
    """Return as many cells as a grid may have; {} in a cell is another number in each."""
    count = iter(range(999_983 - rows * columns, 999_983))
    return ";".join(",".join(cell.format(next(count)) for _ in range(columns)) for _ in range(rows))


def ends(field, opening):
    """Return the values at a field's ends, the dearest one last."""
    if isinstance(field, Whole):
        return [field.least, field.most]
    if isinstance(field, Choice):
        return list(field.labels)
    if isinstance(field, Switch):
        return [False, True]
    if isinstance(field, Grid):
        cells = ("−1/999983", "−1/{}", "0.{}")
        return ["0", "x", "1e6", *(grid(*field.most, cell) for cell in cells)]
    if isinstance(field, Place):
        return ["0.0.0", "9999.9999.9999"]
    assert isinstance(field, Text)
    return [*STACKS, opening] if "conv" in opening else ["x", opening]
