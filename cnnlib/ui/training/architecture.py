"""The architecture, block by block: its editor, a sentence where it fails, and the live table."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import streamlit as st

from cnnlib.lessons.fields import sentence
from cnnlib.lessons.train import State
from cnnlib.models.architecture import (
    ACTIVATIONS,
    LARGEST_KERNEL,
    LARGEST_STRIDE,
    MOST_BLOCKS,
    MOST_CONVS,
    MOST_HIDDEN,
    MOST_MAPS,
    MOST_UNITS,
    PRESETS,
    Architecture,
    ArchitectureError,
    Block,
)
from cnnlib.models.block import POOLS
from cnnlib.runs.config import TrainConfig
from cnnlib.ui.controls import get, put
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import refusal
from cnnlib.ui.session import visit
from cnnlib.ui.walk_room import last_good

KEY = "net"
_DRAFT = "train.draft"
_OWN = "Your own"
_USUAL = TrainConfig().architecture.to_text()
_NAMED = {"fast": TrainConfig().architecture} | PRESETS
_NAMES = {architecture.to_text(): name for name, architecture in _NAMED.items()}
_NUMBERS = {
    "convs": ("Layers N", MOST_CONVS),
    "maps": ("Maps", MOST_MAPS),
    "kernel": ("Kernel", LARGEST_KERNEL),
    "stride": ("Stride", LARGEST_STRIDE),
}
_CHOICES = {
    "kind": ("Layer", ["conv", "local"]),
    "padding": ("Padding", ["same", "none"]),
    "pool": ("Pooling", [*POOLS, "none"]),
}
_LABELS = {name: f"{name.rstrip('3')} {size}×{size}" for name, (_, size) in POOLS.items()}
_WIDTHS = {"kind": 88, "padding": 88, "pool": 132}
_NARROW = 78


@dataclass(frozen=True)
class Draft:
    """An architecture in its editor, where blocks need not fit each other.

    Attributes
    ----------
    blocks : tuple of dict
        The arguments of each `Block`.
    hidden : tuple of int
    activation : str
    """

    blocks: tuple[dict[str, Any], ...]
    hidden: tuple[int, ...]
    activation: Any

    @classmethod
    def of(cls, architecture: Architecture) -> "Draft":
        """Take an architecture apart."""
        blocks = tuple(asdict(block) for block in architecture.blocks)
        return cls(blocks, architecture.hidden, architecture.activation)

    def build(self) -> Architecture:
        """Return the architecture, or raise ArchitectureError that names the block at fault."""
        blocks = []
        for number, settings in enumerate(self.blocks):
            try:
                blocks.append(Block(**settings))
            except ArchitectureError as error:
                raise ArchitectureError(number, error.sentence) from None
        return Architecture(tuple(blocks), self.hidden, self.activation)


def name_of(text: str) -> str | None:
    """Return the name of an architecture's text, if it has one."""
    return _NAMES.get(text)


def choose() -> None:
    """Show the choice of architectures by name."""
    put(network=name_of(get(KEY, "")))
    st.selectbox(
        "Network",
        list(_NAMED),
        index=None,
        key="network",
        format_func=str.capitalize,
        placeholder=_OWN,
        on_change=_open_preset,
    )


def text(page: Page[State]) -> None:
    """Show the architecture's text, which is what the link carries."""
    page.control("architecture", on_change=forget_draft)


def forget_draft() -> None:
    """Leave the editor's draft."""
    visit().good.pop(_DRAFT, None)


def edit() -> None:
    """Show the editor."""
    good, _ = last_good("train.layers", get(KEY), Architecture.from_text, _USUAL)
    _edit(Architecture.from_text(good))


def _edit(good: Architecture) -> None:
    draft = visit().good.get(_DRAFT) or Draft.of(good)
    error = None
    try:
        draft.build()
    except ArchitectureError as problem:
        error = problem
    with st.container(key="wide"):
        left, right = st.columns([56, 44], gap="medium")
    with left:
        _show_draft(draft, error)
    right.markdown(table(good))


def _show_draft(draft: Draft, error: ArchitectureError | None) -> None:
    for number, settings in enumerate(draft.blocks):
        wrong = error.sentence if error and error.block == number else ""
        st.markdown(f"**Block {number + 1}** {_said(wrong)}")
        _show_block(draft, number, settings)
    _show_head(draft)
    if error:
        wrong = "" if error.block is not None else error.sentence
        st.markdown(f"{_said(wrong)} The table, and a run, have the last one that fits.")


def table(architecture: Architecture) -> str:
    """Return an architecture's layers as a table in Markdown, with what all cost together."""
    lines = [
        "| layer | output | parameters | multiplications | receptive field |",
        "|:--|--:|--:|--:|--:|",
    ]
    rows = architecture.rows()
    for row in rows:
        shape = "×".join(map(str, row.shape))
        field = f"{row.receptive_field}×{row.receptive_field}"
        lines.append(
            f"| {row.name} | {shape} | {_count(row.parameters)} | {_count(row.multiplications)} "
            f"| {field} |"
        )
    totals = (sum(r.parameters for r in rows), sum(r.multiplications for r in rows))
    lines.append("| **together** | | **{:,}** | **{:,}** | |".format(*totals))
    return "\n".join(lines)


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"


def _open_preset() -> None:
    if chosen := _NAMED.get(get("network")):
        _take(Draft.of(chosen))


def _take(draft: Draft) -> None:
    """Take a draft over into the link if it can be built; else keep it for the editor alone."""
    try:
        put({KEY: draft.build().to_text()})
        visit().good.pop(_DRAFT, None)
    except ArchitectureError:
        visit().good[_DRAFT] = draft


def _change(make: Callable[[Any], Draft], key: str) -> None:
    """Take over what a control now says."""
    _take(make(get(key)))


def _show_block(draft: Draft, number: int, settings: dict[str, Any]) -> None:
    def changed(field: str) -> Callable[[Any], Draft]:
        def make(value: Any) -> Draft:
            blocks = list(draft.blocks)
            blocks[number] = settings | {field: value}
            return replace(draft, blocks=tuple(blocks))

        return make

    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    for field in ("kind", "convs", "maps", "kernel", "stride", "padding", "pool", "residual"):
        key = f"block{number}.{field}"
        put({key: settings[field]})
        more: dict[str, Any] = {"key": key, "on_change": _change, "args": (changed(field), key)}
        if field in _NUMBERS:
            label, most = _NUMBERS[field]
            row.number_input(label, 1, most, width=_NARROW, **more)
        elif field in _CHOICES:
            label, options = _CHOICES[field]
            row.selectbox(
                label,
                options,
                width=_WIDTHS[field],
                format_func=lambda option: _LABELS.get(option, option),
                **more,
            )
        else:
            row.toggle("Shortcut", help="Adds the block's input to its output", **more)
    rest = draft.blocks[:number] + draft.blocks[number + 1 :]
    row.button(
        "Remove",
        key=f"block{number}.remove",
        on_click=_take,
        args=(replace(draft, blocks=rest),),
    )


def _said(wrong: str) -> str:
    return refusal(sentence(ValueError(wrong))) if wrong else ""


def _show_head(draft: Draft) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    new = draft.blocks[-1] if draft.blocks else asdict(Block())
    row.button(
        "Add a block",
        key="block.add",
        on_click=_take,
        args=(replace(draft, blocks=(*draft.blocks, new)),),
        disabled=len(draft.blocks) >= MOST_BLOCKS,
    )
    for at in range(MOST_HIDDEN):
        key = f"hidden{at}"
        put({key: draft.hidden[at] if at < len(draft.hidden) else 0})

        def make(_: Any) -> Draft:
            units = (get(f"hidden{i}") for i in range(MOST_HIDDEN))
            return replace(draft, hidden=tuple(filter(None, units)))

        row.number_input(
            f"Units of hidden layer {at + 1}",
            0,
            MOST_UNITS,
            key=key,
            width=160,
            on_change=_change,
            args=(make, key),
        )
    put(activation=draft.activation)
    row.selectbox(
        "Activation",
        ACTIVATIONS,
        key="activation",
        width=120,
        on_change=_change,
        args=(lambda value: replace(draft, activation=value), "activation"),
    )
