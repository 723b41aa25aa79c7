"""Tables of what is held, in which an owner stands under a mark and never under the token."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from cnnlib.runs import service
from cnnlib.runs.store import RunStore
from cnnlib.talks import store as talks
from cnnlib.talks.store import TalkStore


def mark(owner: str) -> str:
    """Return an owner's mark, which is always the same and from which no token can be told."""
    return blake2b(owner.encode(), digest_size=4).hexdigest()


def who(store: RunStore, kept: TalkStore) -> str:
    """Return a table of the owners; whoever holds most stands first."""
    runs = store.all()
    states = Counter((one.owner, one.state) for one in runs)
    size = Counter[str]()
    for one in runs:
        size[one.owner] += store.size(one.id)
    held = kept.held()
    for owner, (_, characters) in held.items():
        size[owner] += characters
    rows = [
        (
            mark(owner),
            *(f"{states[owner, state]}" for state in ("training", "queued", "paused")),
            f"{sum(one.owner == owner and not one.live for one in runs)}",
            f"{held.get(owner, (0, 0))[0]}",
            f"{size[owner] / 2**20:,.1f}",
        )
        for owner, _ in size.most_common()
    ]
    return table(("owner", "training", "queued", "paused", "over", "talks", "MB"), rows)


def runs(store: RunStore) -> str:
    """Return a table of all runs; the last changed stands first."""
    rows = [
        (one.id, mark(one.owner), one.state, f"{store.size(one.id) / 2**20:,.1f}", one.title)
        for one in store.all()
    ]
    return table(("run", "owner", "state", "MB", "title"), rows)


def quotas() -> str:
    """Return a table of the limits."""
    return table(
        ("limit", "amount"),
        [
            ("runs of one owner that are not over", f"{service.MOST_OF_OWNER}"),
            ("runs that train or wait", f"{service.MOST}"),
            ("runs that one address starts in an hour", f"{service.STARTED.most:g}"),
            ("days that a run is kept once it is over", f"{service.KEEP_S / 86400:g}"),
            ("GB of runs that are over", f"{service.KEEP_BYTES / 2**30:g}"),
            ("talks of one owner", f"{talks.MOST_TALKS}"),
            ("characters of one owner's talks", f"{talks.MOST_CHARACTERS:,}"),
            ("characters of all talks", f"{talks.MOST_OF_ALL:,}"),
            ("characters that one address writes in an hour", f"{talks.WRITTEN.most:,}"),
        ],
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return lines whose columns stand under each other."""
    lines = [head, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "  ".join(f"{text:{width}}" for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
