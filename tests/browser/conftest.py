import contextlib
import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import harness


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


@pytest.fixture(scope="session")
def contexts(chromium):
    """Lend contexts that hold nothing of an earlier visitor except the app's files.

    A context that has to fetch and compile the front end costs twice the processor time of one
    that has it.
    """
    free = {}

    @contextlib.contextmanager
    def lend(**options):
        waiting = free.setdefault(repr(sorted(options.items())), [])
        context = waiting.pop() if waiting else chromium.new_context(**options)
        try:
            yield context
        finally:
            context.set_offline(False)
            if all(_forgets(page) for page in context.pages):
                waiting.append(context)
            else:
                context.close()

    return lend


def _forgets(page):
    """Close a page; return whether the page's site keeps nothing that another visitor could see."""
    if not page.url.startswith("http"):
        return False
    site = page.evaluate("location.origin")
    known = "cookies,local_storage,indexeddb,service_workers,cache_storage"
    tools = page.context.new_cdp_session(page)
    tools.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": known})
    page.close()
    page.context.clear_cookies()
    return True


@pytest.fixture
def visitor(contexts, app):
    """Open pages of independent visitors; none may print an error or ask another host."""
    with _visits(contexts, app) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def lasting_visitor(contexts, app):
    """Open pages as `visitor` does, for tests that leave a page as they found it."""
    with _visits(contexts, app) as open_page:
        yield open_page


@contextlib.contextmanager
def _visits(contexts, app):
    troubles = []
    with contextlib.ExitStack() as visits:

        def open_page(**options):
            # Playwright's own waiting evaluates texts, which the page's policy forbids; the tests
            # of the policy keep it.
            usual = {"viewport": harness.PROJECTOR, "bypass_csp": True}
            page = visits.enter_context(contexts(**(usual | options))).new_page()
            page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("request", lambda r: _is_foreign(r.url, app) and troubles.append(r.url))
            return page

        yield open_page
    assert troubles == []


def _is_foreign(url, app):
    local = (app, app.replace("http://", "ws://"), "data:", "blob:")
    return not url.startswith(local)
