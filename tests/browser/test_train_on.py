"""A run that really trains begins where another one ended, and says so."""

import re

from playwright.sync_api import expect

from tests.browser.test_train import SMALL, button, misread, start, until, wait_for


def test_a_finished_run_is_trained_on_with_other_settings(visitor, app):
    page = visitor()
    start(page, app, SMALL.replace("epochs=200", "epochs=3"), seen="Finished")
    first = re.search(r"run=([\w-]+)", page.url)[1]
    wait_for(page, lambda: misread(page) < 0.1, "90% on held-out digits")
    learned = misread(page)
    rate = page.get_by_label("Learning rate", exact=True).first
    rate.fill("0.0001")
    rate.press("Enter")
    expect(page).to_have_url(re.compile(r"rate=0\.0001"))
    button(page, "Train on").click()
    expect(page).not_to_have_url(re.compile(f"run={first}"))
    until(page, "Finished")
    expect(page.get_by_text("Trained on from the network of the run").first).to_be_visible()
    assert misread(page) < learned + 0.02
    page.get_by_text("Use the network").click()
    button(page, "Open the run it was trained on").click()
    expect(page).to_have_url(re.compile(f"run={first}"))
    expect(page.locator(".learning")).not_to_contain_text("Trained on from")
