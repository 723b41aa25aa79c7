"""A storm: acts of people at random instants, while other messages are on their way.

Each page has acts that touch different things, so that of several that come together each can be
looked for by itself. An act is lost if the page or its link does not show it, or no longer, once
the messages have come to rest.
"""

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

from cnnlib.lessons.convolution_1d import State
from cnnlib.runs.config import TrainConfig
from cnnlib.ui.talks.shelf import shipped
from tests.browser import harness

_PATIENCE_S = 20.0  # a page that shows an act later than that has lost it
_HOLDS_MS = 500  # in which an act that was shown may still be undone
_LONGEST_GAP_MS = 250  # between two acts that come together

# Holds back what comes and goes over websockets by so many milliseconds, in order.
_FAR = """(() => {
  const Native = WebSocket, later = (act) => setTimeout(act, window.far ?? 0);
  window.WebSocket = class extends Native {
    addEventListener(type, heard, options) {
      const comes = type === "message" ? (event) => later(() => heard(event)) : heard;
      return super.addEventListener(type, comes, options);
    }
    set onmessage(heard) { super.onmessage = (event) => later(() => heard.call(this, event)); }
    send(data) { later(() => super.send(data)); }
  };
})();"""

# A pen that never rests: short strokes, each undone before the next one.
_PEN = """() => {
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
  const root = roots.find((one) => one?.querySelector(".paper"));
  const paper = root.querySelector(".paper"), undo = root.querySelector('[data-act="undo"]');
  paper.setPointerCapture = () => {};
  let at = 0;
  window.pen = setInterval(() => {
    const box = paper.getBoundingClientRect(), step = at % 14;
    const clientX = box.left + (0.3 + 0.03 * step) * box.width;
    const clientY = box.top + (0.2 + 0.04 * step) * box.height;
    const type = step === 0 ? "pointerdown" : step === 12 ? "pointerup" : "pointermove";
    if (step < 13) {
      const pen = { pointerId: 7, pointerType: "pen", button: 0, buttons: 1, pressure: 0.5 };
      const event = { ...pen, clientX, clientY, bubbles: true, composed: true };
      paper.dispatchEvent(new PointerEvent(type, event));
    } else undo.click();
    at += 1;
  }, 45);
}"""


@dataclass
class Act:
    """One thing that a person does.

    Attributes
    ----------
    what : str
        The thing that the act touches.
    do : callable
    wanted : object
        The state in which the page shows that thing afterwards.
    """

    what: str
    do: Callable[[], None]
    wanted: Any


@dataclass
class Count:
    """How many acts there were, and which were lost.

    Attributes
    ----------
    acts : int
    lost : list of str
        For each, what it touched, what was wanted and what was shown.
    """

    acts: int = 0
    lost: list[str] = field(default_factory=list)

    def __add__(self, other: "Count") -> "Count":
        return Count(self.acts + other.acts, self.lost + other.lost)


class Scene:
    """A page in a storm.

    Parameters
    ----------
    page : Page
    address : str
        Of the app.
    rng : Random
    """

    together = 1  # acts at a time

    def __init__(self, page: Page, address: str, rng: random.Random) -> None:
        self.page, self.address, self.rng = page, address, rng
        self.open()

    def open(self) -> None:
        """Open the page, and have something go on there."""
        raise NotImplementedError

    def acts(self) -> list[Act]:
        """Return acts that may come together: no two of them touch the same thing."""
        raise NotImplementedError

    def shown(self, what: str) -> Any:
        """Return what the page and its link show of a thing."""
        raise NotImplementedError

    def end(self) -> None:
        """End what goes on there and would outlast the page."""

    def link(self) -> dict[str, str]:
        """Return the fields of the page's link."""
        fields = parse_qs(urlparse(self.page.url).query, keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    def rage(self, count: int) -> Count:
        """Do so many acts, and count those that are lost."""
        told = Count()
        while told.acts < count:
            acts = self.acts()
            self.rng.shuffle(acts)
            for act in acts:
                self.page.wait_for_timeout(self.rng.uniform(0, _LONGEST_GAP_MS))
                act.do()
            told += Count(len(acts), [self._tell(act) for act in self._missing(acts)])
        return told

    def _missing(self, acts: list[Act]) -> list[Act]:
        """Return the acts that are not shown, or not any more a moment later."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if all(self._look(act) == act.wanted for act in acts):
                self.page.wait_for_timeout(_HOLDS_MS)
                if all(self._look(act) == act.wanted for act in acts):
                    return []
            self.page.wait_for_timeout(30)
        return [act for act in acts if self._look(act) != act.wanted]

    def _look(self, act: Act) -> Any:
        try:
            return self.shown(act.what)
        except PlaywrightError as error:  # what is looked for is being made anew
            return str(error)[:80]

    def _tell(self, act: Act) -> str:
        return f"{act.what}: {act.wanted!r} was wanted, {self._look(act)!r} is shown"


class Drawing(Scene):
    """Cells and bars are chosen, and let go, while the pen draws."""

    def open(self) -> None:
        """Open the draw page with a digit and a pen that draws on."""
        self.paper = harness.open_pad(self.page, self.address)
        harness.draw(self.page, self.paper, 7)
        self.page.locator(".guess").get_by_text("7").wait_for()
        self.page.evaluate(_PEN)

    def acts(self) -> list[Act]:
        """Return one act: it chooses another unit than the present one, or lets that go."""
        now = self.shown("unit")
        layers = [name for name in ("conv1", "pool1", "conv2", "pool2") if name != now]
        choices = [Act("unit", lambda name=name: self._choose(name), name) for name in layers]
        if now != "logits":
            bar = self.page.locator(".bars button").nth(self.rng.randrange(10))
            choices.append(Act("unit", bar.click, "logits"))
        if now:
            choices.append(Act("unit", self.page.locator(".unit .close").click, ""))
        return [self.rng.choice(choices)]

    def _choose(self, layer: str) -> None:
        canvas = self.page.locator(f"canvas[data-layer={layer}]")
        box = canvas.bounding_box()
        assert box is not None
        place = {
            "x": box["width"] * self.rng.uniform(0.1, 0.9),
            "y": box["height"] * self.rng.uniform(0.2, 0.8),
        }
        canvas.click(position=place)

    def shown(self, what: str) -> Any:  # noqa: ARG002
        """Return the layer of the unit that is written out, if the link has it too."""
        title = self.page.locator(".unit h3")
        layer = title.inner_text().partition(",")[0] if title.is_visible() else ""
        linked = self.link().get("unit", "").partition(".")[0]
        return layer if layer == linked else (layer, linked)


class Walk(Scene):
    """Cells are typed into, options chosen and arrays swapped, while the cursor moves."""

    together = 4

    def open(self) -> None:
        """Open convolution in one dimension."""
        self.player = harness.open_walk(self.page, f"{self.address}/convolution_1d")
        self.page.wait_for_timeout(500)

    def acts(self) -> list[Act]:
        """Return acts on some of: a cell of each array, operation, outputs, border, the step."""
        options = {
            "outputs": ("full", "same", "valid"),
            "operation": ("convolution", "cross-correlation"),
            "border": ("zeros", "mirror", "edge", "circular"),
        }
        # Under "valid" no border is chosen, so a border and the outputs are not touched together.
        del options["border" if self.rng.random() < 0.5 or self._no_border() else "outputs"]
        found = [self._edit("input"), self._edit("kernel")]
        for what, labels in options.items():
            label = self.rng.choice([one for one in labels if one != self.shown(what)])
            option = self.page.get_by_role("radio", name=label, exact=True)
            found.append(Act(what, option.click, label))
        predict = self.page.get_by_text("Predict", exact=True)
        found.append(Act("predict", predict.click, not self.shown("predict")))
        return self.rng.sample(found, self.together)

    def _no_border(self) -> bool:
        return bool(self.shown("outputs") == "valid")

    def _edit(self, operand: str) -> Act:
        number = str(self.rng.randrange(2, 99))
        while number == self.shown(operand):
            number = str(self.rng.randrange(2, 99))

        def do() -> None:
            self.page.keyboard.press("Escape")
            cell = self._cell(operand)
            cell.click()
            cell.click()
            self.page.keyboard.type(number)
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("ArrowRight")

        return Act(operand, do, number)

    def _cell(self, operand: str) -> Locator:
        return self.player.locator(f".equation [data-grid='{operand}'] .cell").first

    def shown(self, what: str) -> Any:
        """Return what page, link and player show of a control."""
        if what in ("input", "kernel"):
            name, label = {"input": ("a", "Input a"), "kernel": ("b", "Kernel b")}[what]
            opens = getattr(State(), name)
            field = self.page.get_by_label(label).first.input_value().partition(",")[0]
            linked = self.link().get(name, opens).partition(",")[0]
            cell = self._cell(what).inner_text()
            return field if field == linked == cell else (field, linked, cell)
        if what == "predict":
            on = self.page.get_by_label("Predict").is_checked()
            linked = self.link().get("predict", "false") == "true"
            return on if on == linked else (on, linked)
        group = {"outputs": 1, "operation": 0, "border": 2}[what]
        chosen = self.page.get_by_role("radiogroup").nth(group).get_by_role("radio", checked=True)
        return chosen.inner_text()


class Training(Scene):
    """A run is paused and resumed, its rate and the next run's settings change, as it trains."""

    together = 3

    def open(self) -> None:
        """Start a long run of small steps, which reports seldom enough to be allowed."""
        self.page.goto(f"{self.address}/train?images=1200&epochs=900&batch=16&reports=1")
        self.page.get_by_role("button", name="Start").first.click()
        self.page.get_by_role("button", name="Pause").first.wait_for(timeout=60_000)
        self.page.locator(".learning .told").first.wait_for(timeout=60_000)

    def acts(self) -> list[Act]:
        """Return acts on some of: the run itself, the epochs, the batch size, a drawer."""
        numbers = [self._number("Epochs", "epochs"), self._number("Batch size", "batch")]
        found = [self._pause(), *numbers]
        drawer = self.page.locator("summary", has_text="My runs")
        found.append(Act("runs", drawer.click, not self.shown("runs")))
        return self.rng.sample(found, self.together)

    def end(self) -> None:
        """Stop the run."""
        self.page.get_by_role("button", name="Stop").first.click()
        self.page.locator(".learning .state", has_text="Stopped").wait_for()

    def _pause(self) -> Act:
        now = self.shown("run")
        label, then = ("Pause", "Paused") if now == "Training" else ("Resume", "Training")
        if self.rng.random() < 0.5:
            return Act("run", self.page.get_by_role("button", name=label).first.click, then)

        def press() -> None:
            self.page.evaluate("document.activeElement?.blur()")
            self.page.keyboard.press(" ")

        return Act("run", press, then)

    def _number(self, label: str, name: str) -> Act:
        number = str(self.rng.randrange(20, 400))

        def do() -> None:
            box = self.page.get_by_label(label).first
            box.fill(number)
            box.press("Enter")

        return Act(name, do, number)

    def shown(self, what: str) -> Any:
        """Return what page and link show of a thing."""
        if what == "run":
            return self.page.locator(".learning .state").inner_text()
        if what == "runs":
            drawer = self.page.locator("details", has_text="My runs")
            return drawer.get_attribute("open") is not None
        label = {"epochs": "Epochs", "batch": "Batch size"}[what]
        field = self.page.get_by_label(label).first.input_value()
        opens = {"epochs": TrainConfig().epochs, "batch": TrainConfig().batch_size}[what]
        linked = self.link().get(what, str(opens))
        return field if field == linked else (field, linked)


class Talk(Scene):
    """Arrow keys go through a lecture, sometimes two at a time, and states are added."""

    def open(self) -> None:
        """Present the shipped lecture from its beginning."""
        self.beats = shipped()["lecture"].beats
        self.at = 1
        self.page.goto(f"{self.address}/draw?present=1")
        self.page.locator(".stage[data-beat='0']").wait_for(state="attached")
        self._go(1)

    def _go(self, number: int) -> None:
        link = self.beats[number - 1].link
        sign = "&" if "?" in link else "?"
        self.page.goto(f"{self.address}/{link}{sign}present=1&talk=lecture&beat={number}")
        self.page.locator(f".stage[data-beat='{number}']").wait_for(state="attached")
        self.at = number

    def acts(self) -> list[Act]:
        """Return one act: some beats on, or back."""
        steps = self.rng.choice((1, 1, 2, 3, -1, -2))
        if not 1 <= self.at + steps <= len(self.beats):
            steps = -steps
        self.at += steps
        key = "ArrowRight" if steps > 0 else "ArrowLeft"

        def do() -> None:
            for _ in range(abs(steps)):
                self.page.keyboard.press(key)
                self.page.wait_for_timeout(self.rng.uniform(0, _LONGEST_GAP_MS))

        return [Act("beat", do, (self.at, self.beats[self.at - 1].lesson))]

    def shown(self, what: str) -> Any:  # noqa: ARG002
        """Return the number of the beat and the page, if stage, line and link agree."""
        stage, at = self.page.locator(".stage[data-beat]"), urlparse(self.page.url)
        number, lesson = stage.get_attribute("data-beat"), stage.get_attribute("data-page")
        line = self.page.locator(".strip .line").inner_text()
        wanted = self.beats[int(number or 1) - 1].line
        there = (self.link().get("beat"), at.path.rpartition("/")[2], line)
        told = (int(number or 0), lesson)
        return told if there == (number, lesson, wanted) else (told, there)


SCENES: tuple[type[Scene], ...] = (Drawing, Walk, Training, Talk)


def storm(
    page: Page, address: str, scene: type[Scene], count: int, *, seed: int, far_ms: int = 0
) -> Count:
    """Let a storm rage on a new visitor's page.

    Parameters
    ----------
    page : Page
    address : str
        Of the app.
    scene : type of Scene
    count : int
        Of acts, at least.
    seed : int
    far_ms : int
        How long each message is on its way, besides the time that it takes on this machine.
    """
    with harness.before_all_scripts(page, _FAR):
        raging = scene(page, address, random.Random(seed))
        page.evaluate(f"window.far = {far_ms}")
        told = raging.rage(count)
        raging.end()
        return told


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Keep one core busy."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()
