"""How often a page looks at a run."""

from types import SimpleNamespace

import pytest

from cnnlib.ui import train_room


@pytest.mark.parametrize(
    ("state", "mine", "most"),
    [("training", True, 0.25), ("training", False, 1), ("queued", True, 1), ("finished", True, 0)],
)
def test_who_trains_sees_more_often_than_who_watches(monkeypatch, state, mine, most):
    monkeypatch.setattr(train_room.lab, "is_mine", lambda _: mine)
    record = SimpleNamespace(state=state, live=state != "finished")
    assert (train_room._pace([record]) or 0) == most
