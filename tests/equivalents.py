"""Changes that change nothing: a line of a module as the change leaves it, and the reason."""

EQUIVALENT: dict[str, dict[str, str]] = {
    "cnnlib/checks.py": {
        "return array.astype(np.int64, copy=True)": "a copy holds the same numbers",
    },
    "cnnlib/columns.py": {
        f"BLOCK = {size}  # numbers of one block of windows, 180 KiB in float32": (
            "blocks of any size hold the same windows; this one suits a cache"
        )
        for size in ("46 * 1024", "44 * 1024", "45 * 1025", "45 * 1023")
    },
    "cnnlib/drawings/drawing.py": {
        "length2 = np.maximum(dx * dx + dy * dy, np.float32(2e-06))": (
            "either lies below the square of the shortest step, and lets a point stay where it is"
        ),
        "packed = zlib.compress(_pack(numbers), 8)": (
            "in as few numbers as a drawing has, both levels find the same repetitions"
        ),
    },
    "cnnlib/drawings/pictures.py": {
        "for top in range(-1, image.height, _STRIP):": (
            "strips that begin a row earlier hold the same rows"
        ),
        "strip = np.rint(np.clip(values.astype(np.int64), -1, 65535) / 257) if wide else values": (
            "one 257th is rounded away"
        ),
        "strip = np.rint(np.clip(values.astype(np.int64), 0, 65534) / 257) if wide else values": (
            "one 257th is rounded away"
        ),
    },
    "cnnlib/drawings/reading.py": {
        "return Reading(framed, activations, softmax(activations[-1])[-1])": (
            "one drawing is read at a time, and the first of one is the last"
        ),
    },
    "cnnlib/drawings/recover.py": {
        ")[-1, 0]  # (kh, kw)": "there is one picture, and the first of one is the last",
        ")[0, -1]  # (kh, kw)": "there is one kernel, and the first of one is the last",
    },
    "cnnlib/kernels.py": {
        "return abs(self.weights.sum()) <= 1e-09": "no sum lies exactly there",
        "return abs(self.weights.sum()) < 2e-09": (
            "rounding lies far below either, and weights of six decimals that are not 0 far above"
        ),
        "_RANK_ONE = 2e-09  # second singular value beside the first: rounding, "
        "not a second product": ("rounding lies far below either, and a second product far above"),
    },
    "cnnlib/models/safetensors.py": {
        "length = _LENGTH.unpack_from(content)[0] if len(content) >= _LENGTH.size else 1": (
            "a header of one byte is as impossible as one of none"
        ),
        "length = _LENGTH.unpack_from(content)[-1] if len(content) >= _LENGTH.size else 0": (
            "there is one number, and the first of one is the last"
        ),
    },
    "cnnlib/models/stack.py": {
        "first = self.stages[-1].sweep": "where all kernels are the same, so are first and last",
    },
    "cnnlib/runs/diagnosis.py": {
        "over = last.epoch >= config.epochs - 2e-06": (
            "the rounding of many small steps lies far below either, and one step far above"
        ),
    },
    "cnnlib/walkthroughs/examples.py": {
        f"samples = (t >= 32) + np.random.default_rng({seed}).normal(0, 0.15, t.size)": (
            "other noise of the same strength shows the same"
        )
        for seed in (6, 8)
    },
    "cnnlib/walkthroughs/pooling.py": dict.fromkeys(
        (
            "name = cell_name(output, links.output_shape, 3)",
            'first = cell_name(int(terms.columns["input"][ties[output][0]]), links.input_shape, 3)',
        ),
        "a cell has two numbers in any number of dimensions except one",
    ),
}
