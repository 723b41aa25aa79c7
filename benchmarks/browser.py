"""The time of a frame in the browser, and the time from an act to its repaint."""

from collections.abc import Callable, Iterable
from statistics import median

from playwright.sync_api import Locator, Page

# Measures from the start of a frame to its paint: script, style, layout and painting on the main
# thread.
_FRAME = """async ([host, selector, kind, at]) => {
    const root = [...document.querySelectorAll("*")].map((node) => node.shadowRoot)
        .find((shadow) => shadow?.querySelector(host));
    const target = root.querySelector(selector), box = target.getBoundingClientRect();
    const channel = new MessageChannel();
    return new Promise((done) => requestAnimationFrame(() => {
        const start = performance.now();
        channel.port1.onmessage = () => done(performance.now() - start);
        if (kind === "step") {
            document.body.dispatchEvent(
                new KeyboardEvent("keydown", { key: at, bubbles: true, composed: true }));
        } else if (kind === "point") {
            const [x, y] = [box.left + at[0] * box.width, box.top + at[1] * box.height];
            const cell = root.elementFromPoint(x, y) ?? target;
            cell.dispatchEvent(new PointerEvent("pointermove",
                { clientX: x, clientY: y, bubbles: true, composed: true }));
        } else {
            target.classList.toggle("measured");
        }
        channel.port2.postMessage(0);
    }));
}"""

# Measures from now to the first frame that shows a change of a node.
_WAIT = """(node, [box, options]) => { box.time = new Promise((done) => {
    const start = performance.now();
    new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    }).observe(node, options);
}); }"""


def frame(page: Page, host: str, selector: str, kind: str, ats: Iterable[object]) -> float:
    """Return the median milliseconds of a frame that steps, points or toggles one class.

    Parameters
    ----------
    page : Page
    host : str
        Selects the component.
    selector : str
        Selects the node in the component that is acted on.
    kind : {"step", "point", "bare"}
    ats : iterable
        For each frame a key, or the point in the node that is pointed at, in parts of its size.
    """
    return median(float(page.evaluate(_FRAME, [host, selector, kind, at])) for at in ats)


def repaint(watched: Locator, act: Callable[[], object], **options: object) -> float:
    """Return the milliseconds from an act to the frame that shows a change of a node.

    Parameters
    ----------
    watched : Locator
    act : callable
    options
        Options of the browser's MutationObserver.
    """
    box = watched.page.evaluate_handle("() => ({})")
    watched.evaluate(_WAIT, [box, options])
    act()
    return float(box.evaluate("box => box.time"))
