"""The drawing that tests give to lessons."""

from cnnlib.data.digits import sample_strokes
from cnnlib.drawings.drawing import Drawing
from cnnlib.lessons.given import Given


def drawn(digit: int) -> Drawing:
    """Return a digit as strokes."""
    strokes = sample_strokes(digit, seed=1, variety=0.0)
    return Drawing.parse([{"points": [v for point in s for v in point]} for s in strokes])


GIVEN = Given(drawn(7))
