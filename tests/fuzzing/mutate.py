"""Random changes of texts, bytes and values for JSON, made so that parsers stumble over them."""

import json
from random import Random
from typing import Any

#: Texts that have hurt parsers: long, endless, half, empty, and of other scripts.
HARD = (
    *("", " ", "0", "-", "−", "1e999", "-1e999", "nan", "inf", "1/0", "0x10", "1_000", "٣", "²"),
    *("1" * 5000, "1" * 40_000 + "x", "9" * 400, " " * 40_000 + "x", "1," * 20_000, "1;" * 20_000),
    *("\x00", "\n", "\r", "\ud800", "\u202e", "\ufeff", "e\u0301" * 50, "𝟙"),
    *("<b>", "![](//127.1)", "`", "$x$", "../../etc/passwd", "%00", "%", "&#0;", "'; DROP"),
    *("true", "null", "None", "[]", "{}", "[" * 10_000, '{"a":' * 3_000),
)
NUMBERS: tuple[Any, ...] = (
    *(0, -1, 1, 2**31, 2**63, 10**400, -(10**18), 0.5, 1e308, float("inf"), float("nan")),
    *(None, True, "1", [], {}, [[1]], {"a": 1}),
)


def text(chance: Random, samples: tuple[str, ...]) -> str:
    """Return a sample with some changes, or one of the hard texts."""
    made = chance.choice(samples)
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(made))
        end = min(len(made), at + chance.randint(0, 12))
        match chance.randint(0, 5):
            case 0:
                made = made[:at] + made[end:]
            case 1:
                made = made[:at] + chance.choice(HARD) + made[end:]
            case 2:
                made = made[:at] + made[at:end] * chance.choice((2, 50, 5_000)) + made[end:]
            case 3:
                made = made[:at] + chr(chance.choice((0, 9, 34, 55, 44, 59, 0x2212))) + made[at:]
            case 4:
                made = made[:at] + str(chance.choice(NUMBERS[:11])) + made[end:]
            case 5:
                made = chance.choice(HARD)
    return made[:2_000_000]


def content(chance: Random, samples: tuple[bytes, ...]) -> bytes:
    """Return a file with some bytes changed, cut off, doubled or put in."""
    made = bytearray(chance.choice(samples))
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, max(len(made) - 1, 0))
        end = min(len(made), at + chance.choice((1, 4, 200)))
        match chance.randint(0, 4):
            case 0 if made:
                made[at] = chance.randint(0, 255)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = bytes(made[at:end]) * chance.choice((1, 100))
            case 3:
                made[at:end] = chance.choice((b"\xff" * 4, b"\0" * 8, b"\x7f\xff\xff\xff"))
            case 4 if chance.random() < 0.2:
                del made[at:]
    return bytes(made)


def value(chance: Random, sample: Any) -> Any:
    """Return a value for JSON in which some parts are others."""
    if chance.random() < 0.08:
        return chance.choice((*NUMBERS, *HARD))
    if isinstance(sample, dict):
        made = {key: value(chance, part) for key, part in sample.items()}
        if made and chance.random() < 0.1:
            made.pop(chance.choice(list(made)))
        if chance.random() < 0.05:
            made[chance.choice(HARD)] = chance.choice(NUMBERS)
        return made
    if isinstance(sample, list):
        made = [value(chance, part) for part in sample]
        nested = any(isinstance(part, list | dict) for part in made)
        return made * chance.choice((1, 1, 2) if nested or len(made) > 100 else (1, 1, 2, 300))
    return sample


def copied(sample: Any) -> Any:
    """Return a value as it comes out of JSON."""
    return json.loads(json.dumps(sample))
