"""Ten strangers, each at an address of their own, who never rest: run beside the server.

Each takes one attack after another, as chance chooses, and begins the next as soon as the last one
was answered, refused, or left alone. When the input ends, the attackers leave, and say how often
each attack was begun and how many answers held a fault of the app.
"""

import asyncio
import json
import sys
from collections import Counter
from random import Random

from websockets.exceptions import WebSocketException

from benchmarks.siege.attacks import ATTACKS, Stranger

ATTACKERS = 10
_LONGEST_S = 10.0  # a stranger leaves an attack alone after this time, and its socket is closed


async def _attack(
    address: str, host: str, seed: str, names: list[str], told: Counter, over: asyncio.Event
) -> None:
    chance = Random(f"{seed}.{host}")  # noqa: S311 - the same in every run
    while not over.is_set():
        name = chance.choice(names)
        told[name] += 1
        try:
            async with asyncio.timeout(_LONGEST_S), Stranger(address, host, chance) as stranger:
                await ATTACKS[name](stranger)
        except (OSError, TimeoutError, WebSocketException, EOFError, LookupError):
            pass  # refused, hung up, or given up
        except RuntimeError as error:
            told[f"{name}: {error}"] += 1


async def _siege(address: str, seed: str, *names: str) -> Counter[str]:
    told: Counter[str] = Counter()
    over = asyncio.Event()
    attacks = [
        _attack(address, f"127.0.1.{n}", seed, list(names or ATTACKS), told, over)
        for n in range(1, ATTACKERS + 1)
    ]
    going = asyncio.gather(*attacks)
    print("begun", flush=True)
    await asyncio.wait(
        [going, asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))],
        return_when=asyncio.FIRST_COMPLETED,
    )
    over.set()
    await going  # each leaves when its attack is over
    return told


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_siege(*sys.argv[1:]))))
