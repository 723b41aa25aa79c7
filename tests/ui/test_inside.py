"""Packets leave for the browser though the runs follow at once, and a page is made anew."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from cnnlib.ui import inside


def run(queue, *parts, fragments=()):
    """Enqueue a run as Streamlit does: its beginning, a packet for each part, and its end."""
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=list(fragments) or None)
    begun = ForwardMsg()
    begun.new_session.SetInParent()
    begun.metadata.run.fragment_ids.extend(fragments)
    queue.enqueue(begun)
    for place, fragment in parts:
        packet = ForwardMsg()
        packet.metadata.delta_path.extend([0, place])
        packet.delta.new_element.markdown.body = f"{fragment} {len(queue)}"
        packet.delta.fragment_id = fragment
        queue.enqueue(packet)
    ended = ForwardMsg()
    ended.script_finished = (
        ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        if fragments
        else ForwardMsg.FINISHED_SUCCESSFULLY
    )
    queue.enqueue(ended)


def places(queue):
    return [packet.metadata.delta_path[1] for packet in queue._queue if packet.HasField("delta")]


def test_the_clear_is_the_one_that_streamlit_calls():
    assert ForwardMsgQueue.clear is inside._clear


def test_a_part_does_not_throw_away_the_same_part_of_a_whole_page_that_waits():
    queue = ForwardMsgQueue()
    run(queue, (1, ""), (2, "figure"), (3, ""))
    run(queue, (2, "figure"), fragments=["figure"])
    assert places(queue) == [1, 2, 3, 2]


def test_a_part_throws_away_what_the_part_said_before():
    queue = ForwardMsgQueue()
    for _ in range(5):
        run(queue, (2, "figure"), fragments=["figure"])
    assert places(queue) == [2]
    for _ in range(5):
        run(queue, (2, "figure"), fragments=["figure"])
        run(queue, (4, "corner"), fragments=["corner"])
    assert sorted(places(queue)) == [2, 4]


def test_a_part_inside_of_another_does_not_throw_away_a_piece_of_that_other():
    queue = ForwardMsgQueue()
    run(queue, (1, "outer"), (2, "inner"), fragments=["outer"])
    run(queue, (2, "inner"), fragments=["inner"])
    assert places(queue) == [1, 2, 2]


def test_packets_whose_run_has_begun_to_leave_are_kept():
    queue = ForwardMsgQueue()
    run(queue, (1, ""), (2, "figure"), (3, ""))
    del queue._queue[:2]  # the run's beginning and its first packet have left
    queue._delta_index_map.clear()
    run(queue, (2, "figure"), fragments=["figure"])
    assert places(queue) == [2, 3, 2]


def test_a_whole_page_throws_away_all_that_waits():
    queue = ForwardMsgQueue()
    run(queue, (2, "figure"), fragments=["figure"])
    run(queue, (1, ""), (2, "figure"))
    assert places(queue) == [1, 2]
    run(queue, (1, ""))
    assert places(queue) == [1]


@pytest.fixture
def context(monkeypatch):
    """Return a run that shows the link `a=2`."""
    made = SimpleNamespace(
        script_requests=ScriptRequests(),
        query_string="a=2",
        cached_message_hashes=frozenset(),
        context_info=None,
    )
    monkeypatch.setattr(inside, "get_script_run_ctx", lambda **_: made)
    return made


@pytest.mark.parametrize("waits", [False, True])
def test_a_page_is_made_anew_with_the_browsers_link_only_where_a_message_waits(context, waits):
    assert inside.is_asked_by_browser()
    if waits:
        context.script_requests.request_rerun(RerunData(query_string="a=1"))
    with pytest.raises(RerunException) as again:
        inside.again("page")
    context.query_string = again.value.rerun_data.query_string
    assert context.query_string == ("a=1" if waits else "a=2")
    assert inside.is_asked_by_browser() == waits
