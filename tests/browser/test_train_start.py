"""Start begins the run that was chosen, however soon the button is pressed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_train import button, open_page, until

PRESS = """(wait) => {
    const find = (what, text) =>
        [...document.querySelectorAll(what)].find((one) => one.textContent.includes(text));
    find('[role=option]', 'Diverging').click();
    setTimeout(() => find('.st-key-start button', 'Start').click(), wait);
}"""


@pytest.mark.parametrize("wait_ms", [0, 60, 200])
def test_start_right_after_the_choice_of_a_preset_starts_that_preset(visitor, app, wait_ms):
    page = visitor()
    open_page(page, f"{app}/train")
    page.get_by_role("combobox", name="Preset").click()
    page.get_by_role("option", name="Diverging").wait_for()
    page.evaluate(PRESS, wait_ms)
    expect(page).to_have_url(re.compile(r"run="))
    until(page, "Diverged")
    for told in ("rate=1000.0", "opt=sgd", "net=2conv3x12-max_2conv3x24-max_out10"):
        expect(page).to_have_url(re.compile(re.escape(told)))
    expect(button(page, "Start")).to_be_enabled()
