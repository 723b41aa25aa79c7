"""Attacks of a stranger: the faults that were once found, and random inputs."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import connect
from websockets.typing import Origin

from benchmarks.visitors import Visitor
from cnnlib.lessons.listing import LESSONS
from cnnlib.ui.owner import COOKIE
from tests.fuzzing import mutate, targets
from tests.fuzzing.messages import WORDS, words
from tests.lessons.extremes import STACKS, grid

_STEMS = [lesson.stem for lesson in LESSONS]
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
#: Links that once froze or filled a server, or loaded a picture of another host.
LINKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("convolution_1d", {"a": "1" * 15_000 + "x"}),
    *(("receptive_fields", {"layers": stack, "input_size": "64"}) for stack in STACKS),
    ("receptive_fields", {"layers": "conv63p31"}),
    ("pooling", {"pool_view": "drawing", "pool": "L2", "pool_p": "9999"}),
    ("conv_layer", {"v_depth": "1200"}),
    ("conv_layer", {"v_width": "32", "v_depth": "16", "v_filters": "16", "v_size": "11"}),
    ("train", {"net": "2conv3x64_2conv3x64_2conv3x64_out10", "batch": "10000", "images": "60000"}),
    ("convolution_2d", {"A": grid(32, 32, "1/{}"), "B": grid(7, 7, "1")}),
    ("kernels", {"kernel": "1,2", "two": "true", "second": "![](//127.1)"}),
    ("convolution_1d", {"lead": "9" * 5000}),
    ("talks", {"speak": "code"}),
)


class Stranger:
    """One stranger during one attack; the sockets end with it.

    Parameters
    ----------
    address, host : str
        The server's address, and the stranger's.
    chance : Random
    """

    def __init__(self, address: str, host: str, chance: Random) -> None:
        self.address, self.host, self.chance = address, host, chance
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def name(self, length: int = 32) -> str:
        """Return a name that nobody has, such as a cookie's token."""
        return "".join(self.chance.choices(_LETTERS, k=length))

    async def visit(self, page: str, query: dict[str, str] | None = None) -> Visitor:
        """Open a page with a made-up cookie."""
        link = urlencode(query or {}, errors="replace")
        visitor = Visitor(self.address, page, link, owner=self.name(), host=self.host)
        await self._open.enter_async_context(visitor)
        await visitor.open()
        return visitor

    async def socket(self, path: str, origin: str | None = None) -> Any:
        """Open a socket, which stays until the attack is over."""
        url = self.address.replace("http", "ws", 1) + path
        opening = connect(
            url,
            origin=Origin(origin) if origin else None,
            compression=None,
            local_addr=(self.host, 0),
            additional_headers={"Cookie": f"{COOKIE}={self.name()}"},
        )
        return await self._open.enter_async_context(opening)

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> str:
        """Send one request as it is; return the answer's first line."""
        place = urlsplit(self.address)
        lines = {"Host": place.netloc, "Connection": "close", "Content-Length": str(len(body))}
        lines |= {name.replace("_", "-"): text for name, text in headers.items()}
        head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        reader, writer = await asyncio.open_connection(
            place.hostname, place.port, local_addr=(self.host, 0)
        )
        try:
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            return (await reader.readline()).decode("latin-1")
        finally:
            writer.close()


async def old_links(stranger: Stranger) -> None:
    """Open a link that once hurt, in two tabs, and leave before it is answered."""
    page, query = stranger.chance.choice(LINKS)
    coming = [stranger.visit(page, query) for _ in range(2)]
    async with asyncio.timeout(stranger.chance.choice((0.2, 5.0))):
        await asyncio.gather(*coming)


async def links(stranger: Stranger) -> None:
    """Open a random link."""
    await stranger.visit(*targets.link(stranger.chance))


async def text_fields(stranger: Stranger) -> None:
    """Type into every kind of control, whether it is that kind or not."""
    chance = stranger.chance
    visitor = await stranger.visit(chance.choice(_STEMS))
    for _ in range(20):
        typed = mutate.text(chance, (*targets.ARRAYS, *targets.NUMBERS, "SGD", "conv3"))
        value: dict[str, Any] = chance.choice(
            (
                {"string_value": typed.encode("utf-8", "replace").decode()},
                {"int_value": chance.choice((-1, 0, 9, 2**40))},
                {"double_value": chance.choice((-1.0, 0.0, 1e300, float("nan"), float("inf")))},
                {"bool_value": True},
                {"trigger_value": True},
            )
        )
        await visitor.act(chance.choice(visitor.controls), **value)


async def component_words(stranger: Stranger) -> None:
    """Have components say anything."""
    chance = stranger.chance
    visitor = await stranger.visit(chance.choice(_STEMS))
    for _ in range(20):
        key = chance.choice(list(visitor.letters))
        said = words(chance, chance.choice(list(WORDS)), visitor.letters[key])
        await visitor.act(key, json_value=said.encode("utf-8", "replace").decode())


async def uploads(stranger: Stranger) -> None:
    """Upload pictures, networks and bombs to a page's own uploader, or to none."""
    chance = stranger.chance
    files = (*targets.pictures_like(), *targets.networks_like(), bytes(15 * 2**20))
    places = ("kernels", {"picture": "upload"}), ("talks", {}), ("pooling", {})
    visitor = await stranger.visit(*chance.choice(places))
    for _ in range(5):
        body = mutate.content(chance, (chance.choice(files),))
        edge = stranger.name(16)
        part = f'--{edge}\r\nContent-Disposition: form-data; name="f"; filename="a.npz"\r\n\r\n'
        sent = part.encode() + body + f"\r\n--{edge}--\r\n".encode()
        path = f"/_stcore/upload_file/{visitor.session}/{stranger.name()}"
        kind = f"multipart/form-data; boundary={edge}"
        token = f"{chance.getrandbits(128):032x}"  # the server asks that both say the same
        cookie = f"_streamlit_xsrf={token}"
        await stranger.ask("PUT", path, sent, Content_Type=kind, Cookie=cookie, X_Xsrftoken=token)


async def foreign_origins(stranger: Stranger) -> None:
    """Shake hands as a page of another host."""
    for _ in range(5):
        try:
            await stranger.socket("/_stcore/stream", "https://stranger.example.org")
        except Exception as error:
            if "403" not in str(error):
                raise


async def speaker_codes(stranger: Stranger) -> None:
    """Guess the codes of projectors."""
    visitor = await stranger.visit("talks", {"speak": "code"})
    for _ in range(30):
        await visitor.act("speaker_code", string_value=stranger.name(6).upper())


async def projectors(stranger: Stranger) -> None:
    """Open many sockets for one projector's window, of which some ask for an endless number."""
    window = stranger.name(16)
    after = stranger.chance.choice(("", "?after=" + "9" * 5000))
    await asyncio.gather(*(stranger.socket(f"/remote/{window}{after}") for _ in range(40)))
    await asyncio.sleep(1)


async def talks(stranger: Stranger) -> None:
    """Make talk upon talk."""
    visitor = await stranger.visit("talks")
    for _ in range(20):
        await visitor.act("copy", trigger_value=True)


async def runs(stranger: Stranger) -> None:
    """Start runs, each with a cookie of its own, and pause some."""
    visitor = await stranger.visit("train", {"epochs": "100"})
    await visitor.act("start", trigger_value=True)
    if stranger.chance.random() < 0.5:
        await visitor.say("learning", space=True)


async def requests(stranger: Stranger) -> None:
    """Ask for paths that are too long, lead out of the folder, or are nobody's."""
    paths = (
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/?" + "a" * 60_000,
        "/_stcore/media/" + "0" * 40,
        "/_stcore/metrics",
        "/healthz",
        "/" + mutate.text(stranger.chance, ("components", "static"))[:2000],
    )
    for _ in range(20):
        path = stranger.chance.choice(paths)
        plain = "".join(letter for letter in path if " " < letter < "\x7f")
        await stranger.ask(stranger.chance.choice(("GET", "POST", "PUT")), plain, b"x" * 100)


async def messages(stranger: Stranger) -> None:
    """Send bytes that are no message, and messages beyond all reason."""
    socket = await stranger.socket("/_stcore/stream")
    await socket.send(mutate.content(stranger.chance, (b"\x5a\x04\x08\x01\x10\x01" * 30,)))
    await socket.send(bytes(stranger.chance.choice((10, 2**20, 25 * 2**20))))
    await socket.recv()


async def floods(stranger: Stranger) -> None:
    """Have a page made again and again, without waiting for an answer."""
    visitor = await stranger.visit(stranger.chance.choice(_STEMS))
    for _ in range(200):
        await visitor.shout()
        await asyncio.sleep(0.01)


ATTACKS: dict[str, Callable[[Stranger], Awaitable[None]]] = {
    one.__name__: one
    for one in (
        *(old_links, links, text_fields, component_words, uploads, foreign_origins, speaker_codes),
        *(projectors, talks, runs, requests, messages, floods),
    )
}
