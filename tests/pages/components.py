"""The packets and the messages of components, for tests without a browser."""

import itertools
import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cnnlib.ui.components import unpack

ROOT = Path(__file__).parents[2]


def packet(at, component):
    """Return the data and the body that a component was last given."""
    protos = [element.proto for element in at.get("bidi_component")]
    found = [proto for proto in protos if proto.component_name == f"classroom.{component}"]
    assert len(found) == 1, f"{len(found)} components called {component}"
    return unpack(found[0].bytes)


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
    told = [dict(zip(names, edit, strict=True)) | {"serial": n} for n, edit in enumerate(edits, 1)]
    say(at, key, edits=told)
    at.session_state[key] = {}


def say(at, component, **values):
    """Set a component's state as its JavaScript would, and run the app."""
    at.session_state[component] = values
    at.run()
    assert not at.exception
    return at


def words(at):
    """Return all text of the page, in the order in which it is read."""
    told = " ".join(element.value for element in [*at.markdown, *at.caption])
    return told.replace("\\", "").replace(":red[", "")


def run(at):
    """Run the app; nothing may be raised."""
    at.run()
    assert not at.exception


_choices = itertools.count(1)


def choose_cell(at, component, panel, row, column):
    """Choose a cell of a panel of maps, once."""
    cell = {"panel": panel, "row": row, "column": column, "number": next(_choices)}
    say(at, component, cell=cell)
    at.session_state[component] = {}
