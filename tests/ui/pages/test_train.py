"""A page looks at a run as often as the number of watchers allows."""

from types import SimpleNamespace

import pytest

from cnnlib.ui.pages import train
from cnnlib.ui.training.seats import Seats


@pytest.mark.parametrize(
    ("state", "mine", "front", "seconds"),
    [
        ("training", True, False, 0.25),
        ("training", False, True, 0.25),
        ("training", False, False, 1),
        ("queued", True, True, 1),
        ("finished", True, True, None),
    ],
)
def test_who_trains_and_the_first_who_watch_see_it_more_often(
    monkeypatch, state, mine, front, seconds
):
    monkeypatch.setattr(train.lab, "is_mine", lambda _: mine)
    monkeypatch.setattr(train, "_FRONT", Seats(int(front), 3))
    record = SimpleNamespace(state=state, live=state != "finished")
    assert train._pace([record]) == seconds
