"""A browser's token stands in nothing that a page sends, though the browser owns what is shown."""

import pytest
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui.components import unpack
from cnnlib.ui.talks import shelf
from tests.pages.components import run
from tests.pages.told import begin, me

SECRET = "t" * 32


@pytest.fixture
def sent(monkeypatch):
    """Collect all that goes to the browser, with what is deflated in it."""
    texts, enqueue = [], ForwardMsgQueue.enqueue

    def collect(queue, message):
        texts.append(message.SerializeToString())
        packed = message.delta.new_element.bidi_component.bytes
        if packed:
            data, body = unpack(packed)
            texts.append(repr(data).encode() + bytes(body))
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", collect)
    return texts


def test_the_token_of_an_owner_is_on_no_page_and_in_no_link(runs, app, sent):
    app.session_state["classroom.visit"].owner = SECRET
    shelf.store().create(SECRET, Talk("Mine", (Beat("draw", line="Mine"),)))
    app.switch_page("pages/train.py").run()
    begin(app, runs, ended="finished")
    app.session_state["mine"] = True
    run(app)
    app.switch_page("pages/talks.py").run()
    assert not app.exception
    assert me(app) == SECRET
    assert any(b"Mine" in text for text in sent)
    assert not [text[:200] for text in sent if SECRET.encode() in text]
    assert SECRET not in str(app.query_params)
