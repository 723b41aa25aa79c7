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
def tabs(chromium):
    """Lend tabs, each of a browser of its own, that hold nothing of an earlier visitor.

    A new browser has to fetch and to compile the front end, and a new tab starts a process, so a
    page that opens there costs four times the processor time of a page in a tab that is lent again.
    """
    free = {}

    @contextlib.contextmanager
    def lend(*, viewport, color_scheme="light", reduced_motion="no-preference", **options):
        waiting = free.setdefault(repr(sorted(options.items())), [])
        tab = waiting.pop() if waiting else chromium.new_context(**options).new_page()
        tab.set_viewport_size(viewport)
        tab.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        yield tab
        _forget(tab)
        waiting.append(tab)

    return lend


def _forget(tab):
    """Have a tab, and the browser that has the tab, forget all except files that were fetched."""
    browser = tab.context
    browser.set_offline(False)
    for other in browser.pages:
        if other is not tab:
            other.close()
    tab.mouse.up()
    tab.mouse.move(0, 0)
    if tab.url.startswith("http"):
        site = tab.evaluate("location.origin")
        tab.goto(f"{site}/_stcore/health")  # a page without scripts, which write nothing any more
        tab.evaluate("sessionStorage.clear()")
        tools = browser.new_cdp_session(tab)
        kept = "local_storage,indexeddb,service_workers,cache_storage"
        tools.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": kept})
        tools.send("Page.resetNavigationHistory")
        tools.detach()
    browser.clear_cookies()


@pytest.fixture
def visitor(chromium, tabs, app):
    """Open pages of independent visitors; none may print an error or ask another host."""
    with _visits(chromium, tabs, app) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def lasting_visitor(chromium, tabs, app):
    """Open pages as `visitor` does, for tests that leave a page as they found it."""
    with _visits(chromium, tabs, app) as open_page:
        yield open_page


@contextlib.contextmanager
def _visits(chromium, tabs, app):
    troubles = []
    heard = {
        "console": lambda m: troubles.append(m.text) if m.type == "error" else None,
        "pageerror": lambda error: troubles.append(str(error)),
        "request": lambda r: troubles.append(r.url) if _is_foreign(r.url, app) else None,
    }
    with contextlib.ExitStack() as visits:

        def open_page(*, new=False, **options):
            # Playwright's own waiting evaluates texts, which the page's policy forbids; the tests
            # of the policy keep it.
            usual = {"viewport": harness.PROJECTOR, "bypass_csp": True}
            if new:  # a browser that has fetched nothing, or a page that is changed for good
                browser = chromium.new_context(**(usual | options))
                visits.callback(browser.close)
                page = browser.new_page()
            else:
                page = visits.enter_context(tabs(**(usual | options)))
            for event, hear in heard.items():
                page.on(event, hear)
                visits.callback(page.remove_listener, event, hear)
            return page

        yield open_page
    assert troubles == []


def _is_foreign(url, app):
    local = (app, app.replace("http://", "ws://"), "data:", "blob:")
    return not url.startswith(local)
