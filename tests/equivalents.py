"""Changes that change nothing: a line of a module as the change leaves it, and the reason."""

EQUIVALENT: dict[str, dict[str, str]] = {
    "cnnlib/drawings/reading.py": {
        "return Reading(framed, activations, softmax(activations[-1])[-1])": (
            "one drawing is read at a time, and the first of one is the last"
        ),
    },
}
