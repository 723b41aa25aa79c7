"""The speaker's own window: notes, this beat and the next, time against plan, remote control."""

import time

import streamlit as st

from cnnlib.lessons.fields import sentence
from cnnlib.talks.remote import Channel, Remotes
from cnnlib.talks.talk import Talk
from cnnlib.ui import link, refusals
from cnnlib.ui.fragment import again, fragment
from cnnlib.ui.owner import address, owner
from cnnlib.ui.quoting import lines, quoted, refusal
from cnnlib.ui.session import visit
from cnnlib.ui.talks import shelf

REMOTES = Remotes()  # channels of this server process, where its visitors' windows meet
ASKED = "code"  # in the link, while the code is still to be typed
_EVERY_S = 0.4


def show(code: str) -> None:
    """Show the speaker view of a code, or ask for one.

    Parameters
    ----------
    code : str
        The link's code; at first "" or `ASKED`.
    """
    here, code = visit(), "" if code == ASKED else code
    if here.driving is None or here.driving.code != code:
        here.driving = None
        st.markdown("#### Speaker view")
        typed = st.text_input("Code", code, 12, key="speaker_code", placeholder="as on the screen")
        if not typed:
            st.markdown("Press P and then V in the projector's window: it shows a code.")
            return
        try:
            here.driving = REMOTES.find(typed, owner(), address())
        except ValueError as error:
            st.markdown(refusal(sentence(refusals.told("speaker code", error))))
            return
        link.write("speak", here.driving.code)
        again()
    fragment(_drive, run_every=_EVERY_S)(here.driving)


def _drive(channel: Channel) -> None:
    talk = shelf.find(channel.talk_id)
    if talk is None or not REMOTES.lasts(channel):
        st.markdown("This talk is over: its projector's window was closed long ago.")
        return
    _clock(channel, talk)
    at = channel.beat - 1
    beat = talk.beats[at] if channel.beat else None
    st.markdown(f"### {quoted(beat.line) if beat else 'Not begun yet'}")
    _buttons(channel, len(talk.beats))
    if beat and beat.notes:
        st.markdown(lines(beat.notes))
    following = talk.beats[at + 1] if at + 1 < len(talk.beats) else None
    st.markdown(f":gray[Next:] {quoted(following.line)}" if following else ":gray[The last beat.]")


def _clock(channel: Channel, talk: Talk) -> None:
    spent = time.time() - channel.started
    planned = sum(beat.seconds for beat in talk.beats[: max(0, channel.beat - 1)])
    left = sum(beat.seconds for beat in talk.beats[max(0, channel.beat - 1) :])
    late = spent - planned
    told = f"{_minutes(abs(late))} {'behind' if late > 0 else 'ahead of'} the plan"
    st.markdown(
        f"**{channel.beat} / {len(talk.beats)}** · **{_minutes(spent)}** · "
        f"{told if abs(late) > 30 else 'on time'} · {_minutes(left)} to go"
    )


def _buttons(channel: Channel, count: int) -> None:
    def ask(by: int, **more: bool) -> None:
        REMOTES.ask(channel, max(1, min(count, channel.beat + by)), **more)

    with st.container(horizontal=True, gap="small", key="remote"):
        st.button("Back", on_click=ask, args=(-1,), shortcut="Left", key="remote_back")
        st.button(
            "Next", on_click=ask, args=(1,), shortcut="Right", type="primary", key="remote_next"
        )
        dark = not channel.blank
        st.button(
            "Blank" if dark else "Show",
            on_click=ask,
            args=(0,),
            kwargs={"blank": dark},
            shortcut="B",
            key="remote_blank",
        )
        st.button(
            "Play",
            on_click=ask,
            args=(0,),
            kwargs={"play": True},
            shortcut="Space",
            key="remote_play",
        )


def _minutes(seconds: float) -> str:
    whole = int(abs(seconds))
    return f"{whole // 60}:{whole % 60:02}"
