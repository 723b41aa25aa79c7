"""Maps beside each other: point at a cell, and what it reads and what it affects lights up."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from cnnlib.figures.panels import Cell, Link, Panel
from cnnlib.ui.components import all_said, register
from cnnlib.ui.told import record, whole

_mount = register("maps")
_MOST = 10**4  # maps, rows and columns


def take_choice(key: str) -> tuple[bool, Cell | None]:
    """Return whether a cell was chosen or let go just now, and the cell. Ask before `show`."""
    told = all_said(key, "cell")
    if told and told[-1] is None:
        return True, None
    place = whole(0, _MOST)
    cell = record(told[-1], panel=place, row=place, column=place) if told else None
    return cell is not None, None if cell is None else Cell(**cell)


def show(
    panels: Sequence[Panel],
    links: Sequence[Link] = (),
    *,
    key: str,
    chosen: Cell | None = None,
    above: bool = True,
    together: Collection[str] = (),
    height: int = 300,
    largest: int = 44,
) -> None:
    """Show maps.

    Parameters
    ----------
    panels : sequence of Panel
    links : sequence of Link
        The tables to follow from map to map.
    key : str
        The component's key.
    chosen : Cell or None
        The cell that is lit while the pointer is elsewhere.
    above : bool
        Whether what a cell affects is lit too, not only what it reads.
    together : collection of str
        Groups whose pages are turned together.
    height : int
        About how many pixels high a map may become.
    largest : int
        The largest size of a cell in pixels.
    """
    described: list[dict[str, Any]] = []
    arrays: list[bytes] = []
    at = 0
    for panel in panels:
        rows, columns = (n + 2 * panel.padding for n in panel.shape)
        described.append(
            {
                "title": panel.title,
                "note": panel.note,
                "rows": rows,
                "columns": columns,
                "padding": panel.padding,
                "limit": panel.limit,
                "signed": panel.signed,
                "group": panel.group,
                "from": -1 if panel.values is None else at,
            }
        )
        if panel.values is not None:
            arrays.append(np.asarray(panel.values, "<f4").tobytes())
            at += rows * columns
    tables: dict[int, Sequence[Sequence[int]]] = {}  # by identity: links share them
    told = []
    for link in links:
        across = link.rows if link.columns is None else link.columns
        tables |= {id(link.rows): link.rows, id(across): across}
        told.append((link.source, link.target, id(link.rows), id(across)))
    number = {name: at for at, name in enumerate(tables)}
    data = {
        "panels": described,
        "tables": list(tables.values()),
        "links": [
            {"from": source, "to": target, "rows": number[one], "columns": number[other]}
            for source, target, one, other in told
        ],
        "together": list(together),
        "chosen": None if chosen is None else vars(chosen),
        "above": above,
        "height": height,
        "largest": largest,
    }
    _mount(data, key=key, body=b"".join(arrays))
