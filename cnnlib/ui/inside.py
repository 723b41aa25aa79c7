"""The parts of Streamlit's inside that runs of pages use, and why.

Pages look nowhere else; `ui/values.py` looks at a message's values before a run begins.

Streamlit stops a run at any of Streamlit's own calls when a newer message waits, also at each look
into `st.session_state`. A callback that is stopped so is not called again: a click would be lost.
So what is remembered between runs is read and written here without such a stop, and a callback that
only uses `link`, `controls` and `session` runs to its end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NoReturn

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType
from streamlit.runtime.state.query_params import QueryParams
from streamlit.runtime.state.session_state import SessionState
from streamlit.runtime.state.session_state_proxy import get_session_state


def memory() -> SessionState:
    """Return the object behind `st.session_state`; a look into that object stops no run."""
    return get_session_state()._state


def recall(key: str, default: Any = None) -> Any:
    """Return what is remembered under a key, be it a control's or a component's."""
    try:
        return memory()[key]
    except KeyError:
        return default


def forget(key: str) -> None:
    """Forget what is remembered under a key."""
    if key in memory():
        del memory()[key]


def run() -> object:
    """Return an object that no other run of the script has, or None outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context and context.parallel_coordinator


def fields() -> QueryParams:
    """Return the link's fields as Streamlit has them in this run."""
    return memory().query_params


def send_address(link: Mapping[str, str]) -> None:
    """Set the link's fields and send them, also where Streamlit believes the browser has them."""
    known = fields()
    for name in [name for name in known if name not in link]:
        known.discard_param_no_forward_msg(name)
    for name, text in link.items():
        if known.get(name) != text:
            known.set_with_no_forward_msg(name, text)
    known._send_query_param_msg()


def asked_page() -> str:
    """Return what Streamlit calls the page that the message names; empty where it names none."""
    context = get_script_run_ctx(suppress_warning=True)
    return (context and context.pages_manager.intended_page_script_hash) or ""


def page() -> str:
    """Return what Streamlit calls the page that is made, once the router has chosen one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else ""


class _OfPython(str):
    """A link that Python gave to a run, in place of the one in a browser's message."""

    __slots__ = ()


def is_asked_by_browser() -> bool:
    """Return whether this run has a browser's message, with the link that the browser showed.

    Ask before a link is sent in this run.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is None or not isinstance(context.query_string, _OfPython)


def was_led() -> bool:
    """Return whether the browser went to another link by itself, as with Back."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def lead() -> None:
    """Have this run take the link as one that the browser went to: its fields set the controls.

    Streamlit forgets that the browser went there, if another message comes before the run begins.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        context.is_history_navigation = True


def is_whole() -> bool:
    """Return whether this run makes the whole page, not only fragments of the page."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is None or not context.fragment_ids_this_run


def is_shown(key: str) -> bool:
    """Return whether the control of this key was shown in this run."""
    context = get_script_run_ctx(suppress_warning=True)
    name = memory().get_widget_id_from_key(key)
    return context is not None and name is not None and name in context.shared.widget_ids_this_run


def was_told(key: str) -> bool:
    """Return whether the browser's message of this run has the control of this key.

    A message lacks a control that was not on the screen yet, as in a popover that was never opened,
    and a run that Python asked for has no message at all.
    """
    name = memory().get_widget_id_from_key(key)
    return name is not None and name in memory()._new_widget_state.states


def left_out() -> bool:
    """Return whether a control was touched that this run of fragments has not shown by its end.

    The browser names one fragment in a message, the first in which something was touched since its
    last one. Values and callbacks of other fragments come all the same, and no run shows them.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not context.fragment_ids_this_run:
        return False
    known, shown = memory()._new_widget_state, context.shared.widget_ids_this_run
    for name in list(known.states):
        about = known.widget_metadata.get(name)
        native = about is not None and not str(about.value_type).startswith("json_")
        if native and name not in shown and memory()._widget_changed(name):
            return True
    return False


def again(page: str) -> NoReturn:
    """End this run, and make the whole page anew.

    `st.rerun` would put this run's link and page in the place of those of a message that waits.

    Parameters
    ----------
    page : str
        Streamlit's name of the page, which a message may not know yet.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and context.script_requests is not None:
        requests = context.script_requests
        with requests._lock:
            if requests._state is ScriptRequestType.RERUN:
                wanted = replace(requests._rerun_data, widget_states=None, fragment_id_queue=[])
            else:
                wanted = RerunData(
                    query_string=_OfPython(context.query_string),
                    page_script_hash=page,
                    cached_message_hashes=context.cached_message_hashes,
                    context_info=context.context_info,
                )
            requests._request_rerun_locked(wanted)
        # A run that is only stopped leaves the next one in the midst of its own page's parts.
        request = requests.on_scriptrunner_yield()
        if request is not None and request.type is ScriptRequestType.RERUN:
            raise RerunException(request.rerun_data)
    stop()


def stop() -> NoReturn:
    """End this run here. `st.stop` would throw away the message that waits for the next one."""
    raise StopException


_usual_clear = ForwardMsgQueue.clear


def _clear(
    queue: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """Clear a queue of packets, as a run of fragments begins, of earlier runs of these fragments.

    Streamlit throws away these fragments' packets of a run of the whole page too, yet tells the
    browser that the whole page has been made. The browser then takes the fragments off the page, so
    that all that follows them moves up, and the fragments' next packets overwrite what moved up.
    """
    if fragment_ids_this_run is None:
        _usual_clear(queue, retain_lifecycle_msgs)
        return
    kept: list[ForwardMsg] = []
    for packets in list(_runs(queue._queue)):
        made = set(packets[0].metadata.run.fragment_ids)
        queue._queue = list(packets)
        if made and made <= set(fragment_ids_this_run):
            _usual_clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        kept.extend(queue._queue)
    queue._queue, queue._delta_index_map = kept, {}


def _runs(packets: Sequence[ForwardMsg]) -> Iterator[Sequence[ForwardMsg]]:
    """Split packets by the runs that made them; the first run's beginning may have left before."""
    begins = [at for at, one in enumerate(packets) if at and one.HasField("new_session")]
    for begin, end in pairwise([0, *begins, len(packets)]):
        if begin < end:
            yield packets[begin:end]


ForwardMsgQueue.clear = _clear  # type: ignore[method-assign, assignment]
