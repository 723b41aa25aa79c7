"""A message of a part of a page that was left changes nothing about which page is made."""

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
