"""The doors of the program: for each what a stranger may bring, and what is done with it.

A target takes a source of chance, makes one input, and hands it over. The only errors that it may
let out are `ValueError` and `OSError`, whose first line is a sentence for the visitor.
"""

import io
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from cnnlib.drawings.drawing import MAX_POINTS, MAX_STROKES, Drawing, rasterize
from cnnlib.drawings.pictures import decode
from cnnlib.handouts.notes import given_by
from cnnlib.lessons import reader
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.models.stack import STACKS, Stack, parse
from cnnlib.questions import Question, exactly, near, side
from cnnlib.runs import events
from cnnlib.runs.config import SHORT, TrainConfig
from cnnlib.runs.recording import Recording
from cnnlib.talks.remote import Remotes
from cnnlib.talks.talk import Beat, Talk, read_link
from cnnlib.talks.text import read as read_talk
from cnnlib.talks.text import write as write_talk
from cnnlib.walkthroughs import convolution, typed
from cnnlib.walkthroughs.predict import predict, predict_size
from tests.fuzzing.controls import controls
from tests.fuzzing.mutate import content, copied, text, value
from tests.fuzzing.readers import components
from tests.lessons.extremes import ends
from tests.lessons.given import GIVEN

ROOT = Path(__file__).parents[2]
NUMBERS = ("2", "−0.5", "1/3", "1e-3", "1000000", ".25")
ARRAYS = ("1,2,3", "1 2; 3 4", "1\t2\n3\t4", "1/3,0.5;−2,1e3")
STROKES = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]
TALK = Talk("A talk", (Beat("pooling", {"pool": "L2"}, "Say", "Notes"), Beat("draw", seconds=5)))
QUESTIONS = tuple(Question("?", judge) for judge in (exactly(9, "9"), side(9, "9"), near(9, 1, "")))
WALKS = convolution([2, -1, 1], [1, 1, 2]), convolution([[1, 2], [3, 4]], [[1, 0]])


def numbers(chance: Random) -> None:
    """Type a number."""
    typed.read(text(chance, NUMBERS))


def arrays(chance: Random) -> None:
    """Paste an array."""
    typed.read_grid(text(chance, ARRAYS), chance.randint(1, 32), chance.randint(1, 32))


def answers(chance: Random) -> None:
    """Answer a question; a wrong answer is never refused."""
    chance.choice(QUESTIONS).answer(text(chance, ("9", "9×9", "9.5 %")))


def predictions(chance: Random) -> None:
    """Type a number into the player."""
    walk = chance.choice(WALKS)
    predict(walk, chance.randrange(len(walk.steps)), text(chance, NUMBERS))


def sizes(chance: Random) -> None:
    """Type a size into the player."""
    predict_size(chance.choice(WALKS), text(chance, ("5", "4×4", "4, 4")))


def architectures(chance: Random) -> None:
    """Name a network in a link."""
    made = Architecture.from_text(text(chance, tuple(a.to_text() for a in PRESETS.values())))
    assert Architecture.from_text(made.to_text()) == made


def stacks(chance: Random) -> None:
    """Name layers in a link."""
    Stack(
        chance.randint(-1, 70), parse(text(chance, tuple(layers for layers, _ in STACKS.values())))
    )


def drawings(chance: Random) -> None:
    """Bring a drawing in a link."""
    sample = Drawing.parse(STROKES).encode()
    rasterize(Drawing.decode(text(chance, (sample, GIVEN.drawing.encode()))))


def strokes(chance: Random) -> None:
    """Send strokes, as the pad does."""
    rasterize(Drawing.parse(value(chance, copied(STROKES))))


def scribbles(chance: Random) -> None:
    """Send as many strokes as a drawing may have, all over the pad."""
    count = chance.choice((1, 20, MAX_STROKES))
    widths = chance.choice(((1,), (80,), (0, 300), (1023,)))
    far = chance.choice((10, 200, 1023))
    made = []
    for _ in range(count):
        x, y, points = chance.randint(0, 1023), chance.randint(0, 1023), []
        for _ in range(chance.choice((1, MAX_POINTS // count))):
            x, y = (min(1023, max(0, n + chance.randint(-far, far))) for n in (x, y))
            points += [x, y, chance.choice(widths)]
        made.append({"points": points, "erase": chance.random() < 0.3})
    rasterize(Drawing.parse(made), chance.choice((112, 224)))


def configurations(chance: Random) -> None:
    """Describe a run in a link."""
    samples = dict.fromkeys(SHORT.values(), ("1", "0.5", "adam", "mnist", "true"))
    samples["net"] = tuple(a.to_text() for a in PRESETS.values())
    some = chance.sample(sorted(samples), chance.randint(1, 5))
    query = {name: text(chance, samples[name]) for name in some}
    assert TrainConfig.from_query(query).to_query() is not None


def records(chance: Random) -> None:
    """Read a configuration as it is kept."""
    TrainConfig.from_dict(value(chance, copied(TrainConfig().to_dict())))


def talks(chance: Random) -> None:
    """Take a talk in from a file."""
    made = read_talk(text(chance, (write_talk(TALK), _shipped_talk())))
    assert read_talk(write_talk(made)) == made


def beats(chance: Random) -> None:
    """Make a beat of a link."""
    lesson, state = read_link(text(chance, ("http://x/pooling?pool=L2&present=1", "draw?run=a")))
    Beat(lesson, {text(chance, ("pool",)): text(chance, ("L2",))} | state, text(chance, ("Say",)))


def codes(chance: Random) -> None:
    """Type the code of a speaker's view."""
    remotes = Remotes()
    remotes.open("lecture", 1)
    remotes.find(text(chance, ("123 456", "000000")), text(chance, ("somebody",)))


def link(chance: Random) -> tuple[str, dict[str, str]]:
    """Return a lesson and a link's fields."""
    stem = chance.choice([listed.stem for listed in LESSONS if find(listed.stem)])
    lesson = find(stem)
    assert lesson
    opening, query = lesson(), {}
    for name, field in lesson.described().items():
        if chance.random() < 0.4:
            usual = [field.write(one) for one in ends(field, getattr(opening, name))]
            wild = chance.random() < 0.5
            query[field.link] = text(chance, tuple(usual)) if wild else chance.choice(usual)
    for name in ("drawing", "recorded"):
        if chance.random() < 0.1:
            query[name] = text(chance, (GIVEN.drawing.encode(), "lenet"))
    return stem, query


def links(chance: Random) -> None:
    """Open a lesson by a link: its state is read, checked, and shown if it can be."""
    stem, query = link(chance)
    lesson = find(stem)
    assert lesson
    state, changed = lesson.from_link(query)
    assert all(len(told) < 300 for told in changed)
    given = given_by(query)
    state.check(given)
    state.scene(given)
    state.told(given)
    state.code(given)
    for question in state.questions(given):
        question.answer(text(chance, NUMBERS))


def pictures(chance: Random) -> None:
    """Upload a picture."""
    decode(content(chance, pictures_like()))


def weights(chance: Random) -> None:
    """Upload a network, as arrays in a zip."""
    reader.of_file("mine.npz", content(chance, networks_like(".npz")))


def tensors(chance: Random) -> None:
    """Upload a network in the other format."""
    reader.of_file("mine.safetensors", content(chance, networks_like(".safetensors")))


def forged(chance: Random) -> None:
    """Upload a network with another architecture, or with huge numbers."""
    (sample,) = networks_like(".npz")[:1]
    with np.load(io.BytesIO(sample)) as file:
        held = dict(file)
    tree = value(chance, json.loads(str(held.pop("architecture"))))
    if chance.random() < 0.3:
        name = chance.choice(list(held))
        factor = np.float32(chance.choice((0, 1e10, 1e30, 1e38, np.nan, np.inf)))
        with np.errstate(all="ignore"):
            held[name] = held[name] * factor
    out = io.BytesIO()
    np.savez(out, architecture=json.dumps(tree)[:100_000], **held)
    made = reader.of_file("mine.npz", out.getvalue())
    assert made.network.shapes[-1] == (10,)


def recordings(chance: Random) -> None:
    """Read a recorded run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.run"
        path.write_bytes(content(chance, _recordings()))
        Recording.load(path)


def told(chance: Random) -> None:
    """Read an event as it lies in the database."""
    events.decode(content(chance, _events()))


TARGETS: dict[str, Callable[[Random], None]] = {
    one.__name__: one
    for one in (
        *(
            numbers,
            arrays,
            answers,
            predictions,
            sizes,
            architectures,
            stacks,
            drawings,
            strokes,
            scribbles,
        ),
        *(configurations, records, talks, beats, codes, links, pictures, weights, tensors, forged),
        *(recordings, told, components, controls),
    )
}


@cache
def _shipped_talk() -> str:
    return (ROOT / "assets" / "talks" / "lecture.talk").read_text("utf-8")


@cache
def pictures_like() -> tuple[bytes, ...]:
    """Return files of pictures."""
    from PIL import Image

    wide = Image.fromarray(np.arange(600, dtype=np.uint16).reshape(20, 30) * 100)
    plain = Image.fromarray(np.arange(1800, dtype=np.uint8).reshape(20, 30, 3))
    found = [(wide, "PNG"), (plain.convert("P"), "PNG"), (plain.convert("RGBA"), "PNG")]
    found += [(plain, kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP")]
    made = []
    for image, kind in found:
        out = io.BytesIO()
        image.save(out, kind)
        made.append(out.getvalue())
    return tuple(made)


@cache
def networks_like(suffix: str = ".npz") -> tuple[bytes, ...]:
    """Return files of weights."""
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("tiny", "locally connected"):
            path = Path(folder) / f"net{suffix}"
            PRESETS[name].network().save(path, dtype=np.float16)
            made.append(path.read_bytes())
    return tuple(made)


@cache
def _recordings() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "assets" / "runs").glob("*.run")))[:1]


@cache
def _events() -> tuple[bytes, ...]:
    recording = Recording.load(sorted((ROOT / "assets" / "runs").glob("*.run"))[0])
    return tuple(events.encode(event) for event in recording.events[:2] + recording.events[-2:])
