import contextlib
import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import harness


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("awaited")


@pytest.fixture(scope="session")
def chromium():
    if harness.chromium_path() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(harness.HOW_TO_INSTALL)
        pytest.skip(harness.HOW_TO_INSTALL)
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app():
    with harness.serve() as address:
        yield address


@pytest.fixture
def visitor(chromium, app):
    """Open pages of independent visitors; none may print an error or ask another host."""
    with _visits(chromium, app) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def lasting_visitor(chromium, app):
    """Open pages as `visitor` does, for tests that leave a page as they found it."""
    with _visits(chromium, app) as open_page:
        yield open_page


@contextlib.contextmanager
def _visits(chromium, app):
    contexts, troubles = [], []

    def open_page(**options):
        # Playwright's own waiting evaluates texts, which the page's policy forbids; the tests of
        # the policy keep it.
        usual = {"viewport": harness.PROJECTOR, "bypass_csp": True}
        context = chromium.new_context(**(usual | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: troubles.append(r.url) if _is_foreign(r.url, app) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _is_foreign(url, app):
    local = (app, app.replace("http://", "ws://"), "data:", "blob:")
    return not url.startswith(local)
