"""What components were given and said, where there is no browser."""

import json


def shown(at, component):
    """Return what a component was last given: its JSON, or its bytes."""
    found = [
        e.proto
        for e in at.get("bidi_component")
        if e.proto.component_name == f"classroom.{component}"
    ]
    assert len(found) == 1, f"{len(found)} components called {component}"
    return found[0].bytes if found[0].WhichOneof("data") == "bytes" else json.loads(found[0].json)


def say(at, component, **values):
    """Let a component say something, as its JavaScript would, and run the app."""
    at.session_state[component] = values
    at.run()
    assert not at.exception
    return at
