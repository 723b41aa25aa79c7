"""One cookie: written where the browser has none of that name, told of where it has."""

from cnnlib.ui.components import register

_mount = register("cookie")


def show(name: str, value: str, *, key: str) -> None:
    """Write the cookie; where the browser has another one, the component says its `value`."""
    _mount({"name": name, "value": value}, key=key)
