"""A class of twenty presses Start at once: one server, one turn at a time, and no run is lost."""

import time
from itertools import pairwise
from math import inf
from threading import Barrier, Thread

import pytest

from cnnlib.models.architecture import PRESETS
from cnnlib.runs import crew
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Begun, Ended
from cnnlib.runs.service import Runs, RunsError

PEOPLE = [f"person {number}" for number in range(20)]
TINY = TrainConfig(
    images=100, batch_size=20, epochs=2, architecture=PRESETS["tiny"], reports=1, device="cpu"
)


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setattr(crew, "TURN_S", inf)  # nobody's turn ends before the run does
    made = Runs(tmp_path, slots=1)
    made.warm()
    yield made
    made.close()


def start_at_once(runs):
    """Have everybody press Start in the same moment, and return their runs by owner."""
    started, together = {}, Barrier(len(PEOPLE))

    def press(owner):
        together.wait()
        started[owner] = runs.start(owner, f"Of {owner}", TINY)

    hands = [Thread(target=press, args=(owner,)) for owner in PEOPLE]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return started


def test_twenty_who_start_at_once_all_train_in_turn_and_see_their_own(runs):
    started = start_at_once(runs)
    assert len(set(started.values())) == len(PEOPLE)
    # Ask as pages do while runs train: each owner sees its own run, and its place in one queue.
    at_once, ended = 0, {}
    while len(ended) < len(PEOPLE):
        with runs._crew.changed:  # all see one moment: no turn changes hands meanwhile
            seen = {owner: runs.of_owner(owner) for owner in PEOPLE}
        assert {owner: [one.id for one in own] for owner, own in seen.items()} == {
            owner: [run] for owner, run in started.items()
        }
        now = [own[0] for own in seen.values()]
        at_once = max(at_once, sum(one.state == "training" for one in now))
        for one in now:
            assert one.state in ("queued", "training", "finished"), one.sentence
            assert (one.place > 0) == (one.state == "queued")
            if one.state == "finished":
                ended.setdefault(one.id, len(ended))
        time.sleep(0.01)
    assert at_once == 1
    # The runs finished in the order in which they came, and each is complete.
    records = sorted((runs.run(run) for run in started.values()), key=lambda one: one.created)
    assert all(before.changed < after.changed for before, after in pairwise(records))
    for record in records:
        told = [event for _, event in runs.store.events(record.id)]
        assert (type(told[0]), type(told[-1])) == (Begun, Ended)
        assert told[-1].step == told[0].steps


def test_places_in_the_queue_are_each_given_once(runs):
    started = start_at_once(runs)
    with runs._crew.changed:  # so that nobody moves up
        now = [runs.run(run) for run in started.values()]
    waiting = sorted(one.place for one in now if one.state == "queued")
    assert waiting == list(range(1, len(waiting) + 1))
    assert len(waiting) >= len(PEOPLE) // 2
    with pytest.raises(RunsError, match="Only the browser that started"):
        runs.command(started[PEOPLE[0]], PEOPLE[1], "stop")
