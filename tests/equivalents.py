"""Changes that change nothing: a line of a module as the change leaves it, and the reason."""

EQUIVALENT: dict[str, dict[str, str]] = {}
