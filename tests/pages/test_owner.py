"""A browser gets its cookie before it can own anything, and only if it may own something."""

import pytest

from tests.pages.components import mounted, open_link, shown

COOKIE = "classroom.cookie"


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    ("page", "query"), [("train", {}), ("pooling", {"present": "1"}), ("talks", {})]
)
def test_who_can_start_or_add_something_is_kept_on_opening_the_page(page, query):
    at = open_link(page, **query)
    assert shown(at, "cookie")["value"] == at.session_state["classroom.visit"].owner


def test_who_only_reads_a_lesson_gets_no_cookie():
    assert COOKIE not in mounted(open_link("pooling"))
