"""A lesson's controls on a page, made from its fields and in step with the link.

The link decides when a page opens or the browser goes to another link; from then on the controls
decide, and the link follows them. So an old copy of the link, which may still be on its way from
the browser, changes nothing.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons.fields import Choice, Field, Grid, Place, Switch, Text, Whole, sentence
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State
from cnnlib.ui import link
from cnnlib.ui.controls import examples, get, put
from cnnlib.ui.quoting import refusal
from cnnlib.ui.session import visit

S = TypeVar("S", bound=State)


@dataclass
class Kept:
    """A tab's memory of a lesson.

    Attributes
    ----------
    wanted : State
        The state that the controls say.
    good : dict of str to State
        For each view of the lesson, the last of these that could be shown.
    changed : str
        A sentence about values of the link that were changed, until a control is touched.
    """

    wanted: State
    good: dict[str, State] = dataclasses.field(default_factory=dict)
    changed: str = ""


class Page(Generic[S]):
    """One run of a lesson's page.

    Parameters
    ----------
    lesson : type of State
    """

    def __init__(self, lesson: type[S]) -> None:
        self._fields = lesson.described()
        self._told: dict[str, Any] = {}
        known = visit().lessons.get(lesson)
        self._opens = known is None
        if known is None:
            state, changed = lesson.from_link(link.everything())
            known = visit().lessons[lesson] = Kept(state, changed=" ".join(changed))
        self._kept = known

    @property
    def shown(self) -> S:
        """The last state of the wanted view that could be shown, before this run's controls."""
        return cast(S, self._kept.good.get(self._view) or self._opening)

    def control(self, name: str, look: str = "", **how: Any) -> Any:
        """Show a field's control, with the field's own label and range, and return its value.

        Parameters
        ----------
        name : str
            The field's name in the state.
        look : {"", "slider", "list", "area"}
            Where a control of the field's kind may look in several ways.
        how
            Passed on to Streamlit.
        """
        field = self._fields[name]
        self._set(name, field)
        self._told[name] = value = _MAKERS[look or _look(field)](field, **how)
        return value

    def drawer(self, name: str) -> DeltaGenerator | None:
        """Show an expander that a switch of the state opens; return it if the expander is open."""
        field = self._fields[name]
        self._set(name, field)
        box = st.expander(field.label, key=field.link, on_change="rerun")
        self.keep(**{name: bool(box.open)})
        return box if box.open else None

    def examples(self, *names: str, key: str, label: str = "Examples") -> None:
        """Offer the lesson's examples; one that is chosen sets the fields that it names.

        Parameters
        ----------
        names : str
            The examples to offer; all of them if none is named.
        key, label : str
        """
        offered = type(self._kept.wanted).examples
        titles = {name: offered[name].title for name in names or offered}
        examples(titles, lambda name: self.take(**offered[name].fields), key, label)

    def take(self, **values: Any) -> dict[str, Any]:
        """Take over fields, and return those whose controls are shown as `controls.put` takes them.

        A control that is away gets its value when it is shown again.
        """
        self.keep(**values)
        return {key: v for key, v in self.keys(**values).items() if get(key) is not None}

    def keys(self, **values: Any) -> dict[str, Any]:
        """Return values of fields by the keys of their controls, as `put` takes them."""
        return {self._fields[name].link: value for name, value in values.items()}

    def keep(self, **values: Any) -> None:
        """Take over fields that have no control of their own, such as a cursor's place."""
        self._told |= values
        self.state()

    def cursor(self, told: tuple[int, int] | None) -> tuple[int | None, int]:
        """Keep where a player's cursor rests, in the fields `step` and `lead`, and return it.

        Parameters
        ----------
        told : (int, int) or None
            Step and leading walkthrough as the player tells; None if the player has told nothing.
        """
        if told is not None:
            self.keep(step=told[0], lead=told[1])
        wanted: Any = self._kept.wanted
        return wanted.step, wanted.lead

    def state(self) -> S:
        """Return what the controls say, and write it into the link."""
        wanted = replace(self._kept.wanted, **self._told)  # type: ignore[type-var]
        if wanted != self._kept.wanted:
            self._kept.wanted, self._kept.changed = wanted, ""
        said = wanted.to_link()
        for field in self._fields.values():
            link.write(field.link, said.get(field.link, ""))
            for name in field.older:
                link.write(name, "")
        return cast(S, wanted)

    def good(self, given: Given) -> tuple[S, str]:
        """Return the state to show, and a sentence where another one is wanted.

        Parameters
        ----------
        given : Given

        Returns
        -------
        state : State
            The controls' state, or the last one that could be shown.
        note : str
            A sentence why the controls' state can't be shown, or about what was changed in the
            link; or "".
        """
        wanted = self.state()
        try:
            wanted.check(given)
        except ValueError as error:
            told = " ".join(filter(None, [self._kept.changed, sentence(error)]))
            return self._instead(given), told
        self._kept.good[self._view] = wanted
        return wanted, self._kept.changed

    def _instead(self, given: Given) -> S:
        """Return the state to show where the wanted one can't be: of the same view."""
        wanted, shown = self._kept.wanted, self.shown
        # The cursor's place and the switches still count, unless they are the cause.
        free = {
            name: getattr(wanted, name)
            for name, described in self._fields.items()
            if isinstance(described, Place | Switch)
        }
        for state in (replace(shown, **free), shown):  # type: ignore[type-var]
            try:
                state.check(given)
            except ValueError:
                continue
            return state
        return self._opening  # what is given has changed, such as the picture

    @property
    def _view(self) -> str:
        return getattr(self._kept.wanted, "view", "")

    @property
    def _opening(self) -> S:
        """The lesson as the wanted view opens."""
        opening = cast(S, type(self._kept.wanted)())
        return replace(opening, view=self._view) if self._view else opening  # type: ignore[type-var]

    def _set(self, name: str, field: Field) -> None:
        """Give a control the state's value where the page opens, or the control was away."""
        if self._opens or get(field.link) is None:
            put({field.link: getattr(self._kept.wanted, name)})


def note(place: DeltaGenerator, told: str, prose: str) -> None:
    """Write a sentence about the state where there is one, else what the page is about."""
    place.markdown(refusal(told) or f":gray[:small[{prose}]]")


def _look(field: Field) -> str:
    """Return how a control of the field's kind usually looks."""
    return next(_LOOKS[kind] for kind in type(field).__mro__ if kind in _LOOKS)


def _choice(field: Choice, **how: Any) -> Any:
    labels = field.labels | how.pop("labels", {})
    return st.segmented_control(
        field.label,
        list(labels),
        required=True,
        key=field.link,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        **how,
    )


def _list(field: Choice, **how: Any) -> Any:
    labels = field.labels
    return st.selectbox(
        field.label, list(labels), key=field.link, format_func=labels.__getitem__, **how
    )


def _whole(field: Whole, **how: Any) -> int:
    return st.number_input(field.label, field.least, field.most, step=1, key=field.link, **how)


def _slider(field: Whole, **how: Any) -> int:
    return st.slider(field.label, field.least, field.most, key=field.link, **how)


def _switch(field: Switch, **how: Any) -> bool:
    return st.toggle(field.label, key=field.link, **how)


def _line(field: Grid | Text, **how: Any) -> str:
    return st.text_input(field.label, key=field.link, **how)


def _area(field: Grid, **how: Any) -> str:
    if ";" in (text := get(field.link)):
        put({field.link: text.replace(";", "\n")})
    return st.text_area(field.label, key=field.link, **how).replace("\n", ";")


_LOOKS = {
    Choice: "buttons",
    Whole: "number",
    Switch: "switch",
    Text: "line",
    Grid: "line",
}
_MAKERS: dict[str, Callable[..., Any]] = {
    "buttons": _choice,
    "list": _list,
    "number": _whole,
    "slider": _slider,
    "switch": _switch,
    "line": _line,
    "area": _area,
}
