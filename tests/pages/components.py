"""The packets and the messages of components, for tests without a browser."""

import json
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cnnlib.ui.components import unpack

ROOT = Path(__file__).parents[2]


def packet(at, component):
    """Return the data and the body that a component was last given, without its letter."""
    protos = [element.proto for element in at.get("bidi_component")]
    found = [proto for proto in protos if proto.component_name == f"classroom.{component}"]
    assert len(found) == 1, f"{len(found)} components called {component}"
    data, body = unpack(found[0].bytes)
    del data["letter"]
    return data, body


def mounted(at):
    """Return the names of the components on the page."""
    return [element.proto.component_name for element in at.get("bidi_component")]


def shown(at, component):
    """Return the data that a component was last given."""
    return packet(at, component)[0]


def player(at):
    """Return what the player was given: its data, and its walkthroughs by method."""
    data, body = packet(at, "player")
    return data, {walk["method"]: walk for walk in json.loads(body)}


def grid(walk, name):
    """Return the rows of a walkthrough's grid, as texts."""
    (found,) = [one for one in walk["grids"] if one["id"] == name]
    texts = [walk["texts"][at] for at in found["texts"]]
    across = found["shape"][1]
    return [texts[at : at + across] for at in range(0, len(texts), across)]


def rows(walk, name):
    """Return the rows of a walkthrough's grid, each in one line, with dots for blank cells."""
    return [" ".join(cell or "·" for cell in row) for row in grid(walk, name)]


def open_link(page, **query):
    """Open a page by a link, as a new visitor."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return at


def type_in(at, key, *edits):
    """Type into cells of a player, all at once; each edit is (operand, cell, text)."""
    names = ("operand", "cell", "text")
    send(at, key, events=[("edit", dict(zip(names, edit, strict=True))) for edit in edits])


def say(at, key, /, **events):
    """Have a component say events, as its JavaScript would, and run the app."""
    return send(at, key, events=events.items())


def keep(at, key, /, **states):
    """Have a component keep states, as its JavaScript would, and run the app."""
    return send(at, key, states=states)


def send(at, key, *, events=(), states=None):
    """Send what a component says and keeps in one message, and run the app."""
    at.session_state[key] = letter(at, key, events=events, states=states or {})
    at.run()
    assert not at.exception
    return at


def letter(at, key, *, events=(), states):
    """Return a component's state, as shared/heard.js has it sent."""
    mailbox = at.session_state["classroom.heard"].mailbox
    arrival, last = mailbox.arrival, mailbox.taken.get(key, 0)
    told = [
        {"serial": serial, "name": name, "arrival": arrival, "value": value}
        for serial, (name, value) in enumerate(events, last + 1)
    ]
    said = {"session": mailbox.session, "serial": last + len(told) + 1, "heard": [], "events": told}
    kept = {name: {"arrival": arrival, "value": value} for name, value in states.items()}
    return kept | {"said": said}


def hear(at):
    """Have the browser know all that Python has changed, as it does soon after a run."""
    if "classroom.heard" in at.session_state:
        here = at.session_state["classroom.heard"]
        here._journal.forget()
        del here._addresses._sent[:-1]
        here._addresses._old.clear()


def words(at):
    """Return all text of the page, in the order in which it is read."""
    told = " ".join(element.value for element in [*at.markdown, *at.caption])
    return plain(told).replace(":red[", "")


def plain(markdown):
    """Return the text that quoted Markdown shows."""
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), markdown.replace(":color[]", ""))
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def run(at):
    """Run the app; nothing may be raised."""
    at.run()
    assert not at.exception


def choose_cell(at, key, panel, row, column):
    """Choose a cell of a panel of maps, or let go, with a panel below zero."""
    cell = {"panel": panel, "row": row, "column": column}
    say(at, key, cell=cell if panel >= 0 else None)
