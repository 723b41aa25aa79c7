"""Cold links and titles: a page is complete however a person comes to it.

The tests of the policy open every page.
"""

from playwright.sync_api import expect

from cnnlib.lessons.listing import LESSONS
from tests.browser import harness


def is_whole(page, lesson):
    expect(page).to_have_title(f"{lesson.title} · CNN Classroom")
    main = page.locator("[data-testid=stMainBlockContainer]")
    main.get_by_role("heading").first.wait_for()
    assert main.bounding_box()["width"] > 1200
    expect(page.get_by_text("Page not found")).to_have_count(0)


# One page is enough, because `tests/test_house.py` holds that every page begins alike; the tests of
# a base path open another one so.
def test_a_cold_deep_link_opens_the_whole_page(chromium):
    (lesson,) = (one for one in LESSONS if one.stem == "train")
    # A new server, on which nobody has opened app.py before this link.
    with harness.serve() as address:
        page = chromium.new_page(viewport=harness.PROJECTOR)
        page.goto(f"{address}/{lesson.stem}")
        is_whole(page, lesson)
        page.close()


def test_the_first_lesson_opens_without_a_path(visitor, app):
    page = visitor()
    page.goto(app)
    expect(page).to_have_title(f"{LESSONS[0].title} · CNN Classroom")
