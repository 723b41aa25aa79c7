"""Messages that come late, or that no browser sent, change nothing that has happened since."""

import pytest

from cnnlib.ui import heard, inside
from cnnlib.ui.mailbox import Mailbox


def test_a_part_of_a_page_that_was_left_leads_to_no_other_page(monkeypatch):
    monkeypatch.setattr(inside, "send_address", lambda _: None)
    monkeypatch.setattr(inside, "page", lambda: "new")
    monkeypatch.setattr(inside, "is_whole", lambda: True)
    here = heard.Heard(Mailbox("s"))
    here.send()
    monkeypatch.setattr(inside, "page", lambda: "left")
    monkeypatch.setattr(inside, "is_whole", lambda: False)
    here.send()
    assert here.page() == "new"


@pytest.fixture
def asked(monkeypatch):
    """Return what a run is asked with: a link, and whether a browser asks."""
    made = {"link": {}, "browser": True}
    for name, answer in {
        "fields": lambda: made["link"],
        "is_asked_by_browser": lambda: made["browser"],
        "asked_page": lambda: "",
        "is_whole": lambda: True,
        "page": lambda: "page",
        "recall": lambda _, default=None: default,
        "send_address": lambda _: None,
        "was_led": lambda: False,
    }.items():
        monkeypatch.setattr(inside, name, answer)
    return made


def test_a_run_that_python_asked_for_does_not_say_what_the_browser_shows(asked):
    here = heard.Heard(Mailbox("s"))
    asked["link"] = {"epochs": "900"}
    here.begin(1)
    here.write("epochs", "43")
    here.send()
    asked |= {"link": {"epochs": "43"}, "browser": False}
    here.begin(2)
    here.send()
    asked |= {"link": {"epochs": "900"}, "browser": True}  # left before the new link had come
    here.begin(3)
    assert here.link() == {"epochs": "43"}
    assert not here.is_strange


def test_a_control_opens_with_its_value_until_a_message_tells_of_it(asked, monkeypatch):
    remembered, told = {}, set()
    monkeypatch.setattr(inside, "memory", lambda: remembered)
    monkeypatch.setattr(inside, "recall", remembered.get)
    monkeypatch.setattr(inside, "was_told", told.__contains__)
    here = heard.Heard(Mailbox("s"))
    here.begin(1)
    here.put("rate", "0.01")
    for run, again in ((2, {"rate"}), (3, {"rate"}), (4, set()), (5, set())):
        if run == 4:
            told.add("rate")
        if run == 5:
            told.clear()  # as in a run that Python asks for
        here.begin(run)
        assert here._written == again
