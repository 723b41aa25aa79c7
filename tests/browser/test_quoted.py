"""A text that somebody typed is shown as that text, whatever Markdown would make of it."""

from pathlib import Path

import pytest

from tests.browser import harness
from tests.browser.markup import TEXTS

SCRIPT = Path(__file__).with_name("quoted_script.py")
# The text of each element, and every element in it but paragraphs and plain spans.
SEEN = """found => found.map(one => [one.textContent, [...one.querySelectorAll("*")]
  .filter(e => !(e.tagName == "P" || e.tagName == "SPAN" && !/[^\\w:,;() -]/.test(e.style.cssText)
    && [...e.attributes].every(a => ["class", "style"].includes(a.name))))
  .map(e => e.outerHTML)])"""


@pytest.fixture(scope="module")
def app():
    with harness.serve(SCRIPT, folder=harness.ROOT) as address:
        yield address


def test_markup_that_was_typed_is_shown_as_text(visitor, app):
    page = visitor()
    page.goto(app)
    labels = page.get_by_role("radio")
    labels.last.wait_for(state="attached")
    shown = page.get_by_test_id("stMarkdownContainer").evaluate_all(SEEN)
    wanted = [text for text in TEXTS for _ in range(2)] + ["Labels", *TEXTS]
    for (text, markup), typed in zip(shown, wanted, strict=True):
        assert text.split() == typed.split(), typed
        assert markup == [], typed
