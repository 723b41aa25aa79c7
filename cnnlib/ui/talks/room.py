"""The page where talks are chosen, made, changed and taken along."""

import streamlit as st

from cnnlib.handouts.printed import printed
from cnnlib.talks.talk import Talk
from cnnlib.talks.text import read, write
from cnnlib.ui import link
from cnnlib.ui.controls import get, put
from cnnlib.ui.fragment import again, fragment
from cnnlib.ui.owner import address, owner
from cnnlib.ui.quoting import quoted, refusal
from cnnlib.ui.session import visit
from cnnlib.ui.talks import editor, present, shelf
from cnnlib.ui.talks import speaker as speaker_room
from cnnlib.ui.uploads import take

_PROSE = "Press P on any page to present it. There, A adds its state to your talk."


def show() -> None:
    """Show the page, or a speaker view; in a talk, say that its beat has no lesson here."""
    here = present.place()
    if here.beat and here.beat.lesson not in present.STEMS:
        st.markdown(f"There is no lesson “{quoted(here.beat.lesson)}” in this version: go on.")
    elif "speak" in link.everything():
        speaker_room.show(link.read("speak"))
    else:
        _shelf()


@fragment
def _shelf() -> None:
    if "speak" in link.everything():
        again()
    editor.go_on()
    try:
        own = shelf.store().of_owner(owner())
    except OSError as error:
        own = {}
        editor.remark(error)
    talks = own | shelf.shipped()
    title, chooser, last = st.columns([22, 36, 42], gap="small", vertical_alignment="bottom")
    row = last.container(horizontal=True, gap="small")
    title.markdown("#### Talks")
    note = title.empty()
    with chooser:
        chosen = _choose(talks)
    talk, mine = talks[chosen], chosen in own
    with row:
        editor.present_button("Present", chosen, talk, 0)
    asks = ("speak", speaker_room.ASKED)
    row.button("Speaker view", key="speak", on_click=link.write, args=asks)
    with row.popover("New"):
        _new(talk)
    with row.popover("This one"):
        _offer(chosen, talk, mine=mine)
    left, right = st.columns([42, 58])
    with left:
        number = _beats(chosen, talk)
    with right:
        editor.show(chosen, talk, number, mine=mine)
    said = editor.take_remark()
    note.markdown(refusal(said) or f":gray[:small[{_PROSE}]]")


def _choose(talks: dict[str, Talk]) -> str:
    here, key = visit(), "open_talk"
    newest = next(iter(talks))
    first = shelf.LECTURE if newest in shelf.shipped() else newest
    put({key: here.talk if here.talk in talks else first})

    def keep() -> None:
        here.talk = get(key)

    return st.selectbox(
        "Talk", list(talks), key=key, format_func=_labels(talks).__getitem__, on_change=keep
    )


def _labels(talks: dict[str, Talk]) -> dict[str, str]:
    """Return another name for each talk, because the browser tells options apart by their names."""
    names: dict[str, str] = {}
    for talk_id, talk in talks.items():
        name = f"{talk.title}, as shipped" if talk_id in shelf.shipped() else talk.title
        count = sum(other.partition(" (")[0] == name for other in names.values())
        names[talk_id] = f"{name} ({count + 1})" if count else name
    return names


def _new(talk: Talk) -> None:
    """Offer to make a talk: empty, a copy, or from a file."""

    def make(made: Talk) -> None:
        visit().talk = shelf.store().create(owner(), made, address())

    st.button("An empty talk", on_click=editor.attempt, args=(make, Talk("My talk")))
    st.button("A copy of this one", on_click=editor.attempt, args=(make, talk), key="copy")
    file = st.file_uploader("From a file", key="talk_file", max_upload_size=1)
    here = visit()
    if file is not None and here.talk_file != file.file_id:
        here.talk_file = file.file_id
        editor.attempt(lambda: make(read(_text(take(file)))))
        again()


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(f"line {line}: this is no text in UTF-8") from None


def _offer(chosen: str, talk: Talk, *, mine: bool) -> None:
    """Offer a talk as a file, and to undo or delete it."""
    name = "".join(c if c.isalnum() else "-" for c in talk.title.lower()).strip("-")[:40]
    st.download_button(
        "Download", write(talk), f"{name}.talk", "text/plain", on_click="ignore", key="as_text"
    )

    address = (st.context.url or "").rpartition("/")[0]

    def made() -> str:  # called in another thread, once the file is asked for
        return printed(talk, address)

    st.download_button(
        "Lecture notes", made, f"{name}.html", "text/html", on_click="ignore", key="as_html"
    )
    here = visit()

    def undo() -> None:
        talk_id = here.deleted or chosen
        if shelf.store().undo(talk_id, owner()):
            here.talk, here.deleted = talk_id, ""

    def delete() -> None:
        shelf.store().delete(chosen, owner())
        here.deleted = chosen

    if mine or here.deleted:
        label = "Undo the deletion" if here.deleted else "Undo the last change"
        st.button(label, on_click=editor.attempt, args=(undo,), key="undo_talk")
    if mine:
        st.button("Delete", on_click=editor.attempt, args=(delete,), key="delete_talk")


def _beats(chosen: str, talk: Talk) -> int:
    """Show the list of beats; return the number of the chosen one, from 0."""
    minutes, seconds = divmod(talk.seconds, 60)
    st.markdown(f"**{len(talk.beats)} beats**, {minutes} min {seconds} s planned")
    if not talk.beats:
        st.markdown("Go to a page, press P and then A: its state is added here.")
        return 0
    key = f"beat_of.{chosen}"
    put({key: min(get(key) or 0, len(talk.beats) - 1)})
    with st.container(height=500, border=False):
        return st.radio(
            "Beats",
            range(len(talk.beats)),
            key=key,
            format_func=lambda at: f"{at + 1}. {quoted(talk.beats[at].line) or '…'}",
            label_visibility="collapsed",
        )
