"""One beat of a talk: its text and, in one's own talk, the fields that change it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zlib import crc32

import streamlit as st

from cnnlib.lessons.fields import sentence
from cnnlib.talks.talk import LONGEST, MOST_SECONDS, Beat, Talk, read_link
from cnnlib.ui import refusals
from cnnlib.ui.controls import get, put
from cnnlib.ui.owner import address, owner
from cnnlib.ui.quoting import lines, quoted
from cnnlib.ui.session import visit
from cnnlib.ui.talks import present, shelf


def remark(error: Exception) -> None:
    """Have the page show what went wrong, as a sentence."""
    visit().remark = sentence(refusals.told("talk", error))


def take_remark() -> str:
    """Return what went wrong since it was last asked, or nothing."""
    told, visit().remark = visit().remark, ""
    return told


def attempt(act: Callable[..., object], *arguments: Any) -> None:
    """Do something with talks; if that fails, a sentence says why and nothing changes."""
    try:
        act(*arguments)
    except (OSError, ValueError) as error:
        remark(error)


def present_button(label: str, chosen: str, talk: Talk, number: int) -> None:
    """Offer to present a talk from a beat on, whose number counts from 0."""
    kind: Any = "secondary" if number else "primary"
    st.button(
        label,
        type=kind,
        disabled=not talk.beats,
        key=f"present.{bool(number)}",
        on_click=_present,
        args=(present.Place(chosen, talk, 0).target(number + 1) if talk.beats else None,),
    )


def _present(target: tuple[str, dict[str, str]]) -> None:
    visit().going = target


def go_on() -> None:
    """Go to the beat that is to be presented, if a button has asked for one."""
    target, visit().going = visit().going, None
    if target is not None:
        visit().leaving = True
        st.switch_page(target[0], query_params=target[1])


def show(chosen: str, talk: Talk, number: int, *, mine: bool) -> None:
    """Show a beat.

    Parameters
    ----------
    chosen : str
        The talk's id.
    talk : Talk
    number : int
        The beat's number, from 0.
    mine : bool
        Whether the talk can be changed.
    """
    with st.container(horizontal=True, gap="small"):
        if talk.beats and mine:
            _moves(chosen, number)
        if number:
            present_button(f"Present from beat {number + 1}", chosen, talk, number)
    if not mine:
        if talk.beats:
            beat = talk.beats[number]
            st.markdown(f"**{quoted(beat.line)}**  \n{lines(beat.notes)}")
        st.markdown(":gray[This talk comes with the program: make a copy to change it.]")
        return
    _form(chosen, talk, number)


def _form(chosen: str, talk: Talk, number: int) -> None:
    """Ask for title and beat; another text in the talk gives other fields."""
    beat = talk.beats[number] if talk.beats else None
    mark = crc32(repr((chosen, number, talk.title, beat)).encode())
    with st.form(f"beat.{mark}", border=False):
        first, second = st.columns([70, 30], gap="small")
        first.text_input("Title of the talk", talk.title, LONGEST["title"], key=f"t.{mark}")
        if beat:
            st.text_input("Line to say", beat.line, LONGEST["line"], key=f"l.{mark}")
            st.text_input("Page and its state, as in the address", beat.link, key=f"a.{mark}")
            st.text_area("Notes", beat.notes, 120, max_chars=LONGEST["notes"], key=f"n.{mark}")
            second.number_input(
                "Seconds for the beat", 1, MOST_SECONDS, beat.seconds, key=f"s.{mark}"
            )

        def edit(old: Talk) -> Talk:
            made = replace(old, title=get(f"t.{mark}"))
            if beat is None:
                return made
            lesson, state = read_link(get(f"a.{mark}"))
            line, notes, seconds = (get(f"{name}.{mark}") for name in "lns")
            return made.changed(
                number, Beat(lesson, state, line.strip(), notes, seconds, beat.shows)
            )

        st.form_submit_button("Save", key=f"save.{mark}", on_click=_change, args=(chosen, edit))


def _moves(chosen: str, number: int) -> None:
    """Offer to move, double and delete a beat."""
    edits: dict[str, tuple[Callable[[Talk], Talk], int]] = {
        "Up": (lambda talk: talk.moved(number, number - 1), max(0, number - 1)),
        "Down": (lambda talk: talk.moved(number, number + 1), number + 1),
        "Duplicate": (lambda talk: talk.inserted(number, talk.beats[number]), number + 1),
        "Delete": (lambda talk: talk.removed(number), number),
    }

    def act(name: str) -> None:
        edit, then = edits[name]
        _change(chosen, edit)
        put({f"beat_of.{chosen}": then})

    for name in edits:
        st.button(name, on_click=act, args=(name,), key=f"{name}.beat")


def _change(chosen: str, edit: Callable[[Talk], Talk]) -> None:
    visit().deleted = ""
    attempt(lambda: shelf.store().change(chosen, owner(), edit, address()))
