"""The page's link: the one way in which pages read its fields and write them."""

from cnnlib.ui import heard


def read(name: str, default: str = "") -> str:
    """Return a field of the link, or `default` where the link has none of that name."""
    return heard.here().link().get(name, default)


def write(name: str, text: str | None) -> None:
    """Set a field of the link; an empty text takes the field out. Only a change is sent."""
    heard.here().write(name, text or "")


def everything() -> dict[str, str]:
    """Return all fields of the link."""
    return dict(heard.here().link())
