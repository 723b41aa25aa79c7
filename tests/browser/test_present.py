"""A lecture with keys alone: every beat is in view, with its number, and no key is lost."""

import pytest
from playwright.sync_api import expect

from cnnlib.ui.talks.shelf import shipped
from tests.browser import harness

LECTURE = shipped()["lecture"].beats
COUNT = len(LECTURE)
# A walkthrough with another one after it.
FLIP = 1 + ["The minus sign is the flip" in beat.notes for beat in LECTURE].index(True)
# Returns all that can be read on the page, also within components.
_TEXT = """() => {
  const told = [];
  const walk = (node) => {
    if (node.nodeType === 3) told.push(node.data);
    if (node.nodeType === 1) {
      const { display, visibility } = getComputedStyle(node);
      if (display === "none" || visibility === "hidden" || node.tagName === "STYLE") return;
    }
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) walk(child);
  };
  walk(document.body);
  return told.join(" ").replace(/\\s+/g, " ");
}"""
_SCROLLS = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return main.scrollHeight > main.clientHeight + 1 || main.scrollWidth > main.clientWidth + 1;
}"""


def squeeze(text):
    return text.replace(" ", "")


def stand(page, beat):
    """Wait until a beat is shown, and everything on it rests."""
    page.locator(f".stage[data-beat='{beat}']").wait_for(state="attached")
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
    page.wait_for_timeout(150)


def open_beat(page, app, beat, talk="lecture"):
    page.goto(f"{app}/draw?present=1")
    page.locator(".stage[data-beat='0']").wait_for(state="attached")
    place = shipped()[talk].beats[beat - 1]
    sign = "&" if "?" in place.link else "?"
    page.goto(f"{app}/{place.link}{sign}present=1&talk={talk}&beat={beat}")
    stand(page, beat)


def walk(page, app, talk):
    """Walk a talk from the first beat to the last and return what is wrong with it."""
    beats, wrong = shipped()[talk].beats, []
    open_beat(page, app, 1, talk)
    for number, beat in enumerate(beats, 1):
        if number > 1:
            page.keyboard.press("ArrowRight")
            stand(page, number)
        expect(page.locator(".strip .line")).to_have_text(beat.line)
        try:
            page.wait_for_function(
                f"shown => ({_TEXT})().replaceAll(' ', '').includes(shown)",
                arg=squeeze(beat.shows),
                timeout=3000,
            )
        except Exception:
            wrong.append((number, beat.link, "does not show", beat.shows))
        if page.evaluate(_SCROLLS):
            wrong.append((number, beat.link, "scrolls"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".strip .number")).to_have_text(f"{len(beats)} / {len(beats)}")
    return wrong


@pytest.mark.parametrize("talk", sorted(shipped()))
def test_a_shipped_talk_is_walked_from_first_to_last(visitor, app, talk):
    assert walk(visitor(), app, talk) == []


def test_keys_go_anywhere_but_not_while_somebody_types(visitor, app):
    page = visitor()
    open_beat(page, app, FLIP)
    page.locator(".player[data-ready]").wait_for()
    page.mouse.move(5, 700)
    page.keyboard.press("PageDown")
    stand(page, FLIP + 1)
    expect(page.locator(".count")).to_have_text("3 / 5")
    page.keyboard.press("PageUp")
    stand(page, FLIP)
    expect(page.locator(".count")).to_have_text("1 / 5")
    page.keyboard.press(" ")
    expect(page.locator(".count")).to_have_text("2 / 5")
    page.keyboard.press(" ")
    page.keyboard.press("c")
    page.get_by_label("Input a").first.click()
    page.keyboard.press("End")
    page.keyboard.type(",bpl")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".veil")).to_be_hidden()
    expect(page.locator(".stage")).to_have_attribute("data-beat", str(FLIP))
    page.keyboard.press("Enter")
    expect(page.get_by_text("is not a number")).to_be_visible()
    page.mouse.click(640, 400)
    page.keyboard.press("ArrowRight")
    stand(page, FLIP + 1)
    expect(page.get_by_label("Input a").first).to_have_value("2,-1,1")


def test_blank_spotlight_help_and_leaving(visitor, app):
    page = visitor()
    page.goto(f"{app}/pooling")
    page.locator(".player[data-ready]").wait_for()
    page.locator(".stage[data-page]").wait_for(state="attached")
    page.keyboard.press("b")
    expect(page.locator(".veil")).to_be_hidden()
    harness.present(page)
    expect(page.locator("[data-testid=stHeader]")).to_be_hidden()
    assert "present=1" in page.url
    for key, thing in (("b", ".veil"), ("l", ".spot"), ("?", ".help")):
        page.keyboard.press(key)
        expect(page.locator(thing)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(thing)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".strip")).to_be_hidden()
    expect(page.locator("[data-testid=stHeader]")).to_be_visible()
    assert "present" not in page.url


def test_right_begins_a_talk_where_the_page_is_in_it(visitor, app):
    page = visitor()
    page.goto(f"{app}/pooling?present=1")
    before = [beat.lesson for beat in LECTURE].index("pooling")
    stand(page, before)
    page.keyboard.press("ArrowRight")
    stand(page, before + 1)
    expect(page.locator(".strip .number")).to_have_text(f"{before + 1} / {COUNT}")


def test_arrows_pressed_faster_than_answers_come_are_all_counted(visitor, app):
    page = visitor()
    open_beat(page, app, FLIP)
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    stand(page, FLIP + 9)
    expect(page.locator(".count")).to_have_text("1 / 3")
    page.keyboard.press("ArrowLeft")
    stand(page, FLIP + 8)
    expect(page.locator(".count")).to_have_text("1 / 1")


def test_a_beat_takes_its_values_back_whatever_was_changed_meanwhile(visitor, app):
    page = visitor()
    open_beat(page, app, FLIP + 1)
    page.locator(".player[data-ready]").wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("c")
    page.get_by_text("cross-correlation", exact=True).click()
    page.get_by_text("valid", exact=True).click()
    expect(page.locator(".count")).to_have_text("1 / 1")
    page.wait_for_timeout(600)
    page.keyboard.press("r")
    expect(page.locator(".count")).to_have_text("3 / 5")
    expect(page.get_by_text("convolution is commutative")).to_be_visible()
    assert "keep" not in page.url
    assert "op=" not in page.url


def test_a_window_that_comes_back_stands_at_its_beat_and_its_time_goes_on(visitor, app):
    page = visitor()
    open_beat(page, app, 20)
    page.wait_for_timeout(1100)
    page.reload()
    stand(page, 20)
    expect(page.locator(".strip .number")).to_have_text(f"20 / {COUNT}")
    assert page.locator(".strip time").inner_text() != "0:00"


@pytest.fixture
def projector(visitor, app):
    page = visitor()
    open_beat(page, app, FLIP)
    page.locator(".player[data-ready]").wait_for()
    return page


def code_of(projector):
    projector.keyboard.press("v")
    told = projector.locator(".note b")
    expect(told).to_be_visible()
    code = told.inner_text()
    projector.keyboard.press("Escape")
    expect(told).to_be_hidden()
    return code


def test_a_speaker_view_drives_the_projector_and_follows_it(projector, visitor, app):
    code = code_of(projector)
    phone = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"{app}/talks?speak=")
    phone.get_by_label("Code").fill(code.lower())
    phone.get_by_label("Code").press("Enter")
    expect(phone.get_by_text(f"{FLIP} / {COUNT}")).to_be_visible()
    expect(phone.get_by_text("The minus sign is the flip")).to_be_visible()
    expect(phone.get_by_text("Next: In the middle all three")).to_be_visible()
    phone.get_by_role("button", name="Next").tap()
    stand(projector, FLIP + 1)
    expect(phone.get_by_text(f"{FLIP + 1} / {COUNT}")).to_be_visible()
    projector.keyboard.press("ArrowRight")
    expect(phone.get_by_text(f"{FLIP + 2} / {COUNT}")).to_be_visible()
    second = visitor()
    second.goto(f"{app}/talks?speak={code}")
    second.get_by_role("button", name="Back").click()
    stand(projector, FLIP + 1)
    expect(phone.get_by_text(f"{FLIP + 1} / {COUNT}")).to_be_visible()
    phone.get_by_role("button", name="Blank").tap()
    expect(projector.locator(".veil")).to_be_visible()
    second.get_by_role("button", name="Show").click()
    expect(projector.locator(".veil")).to_be_hidden()
    second.get_by_role("button", name="Play").click()
    expect(projector.locator(".count")).to_have_text("5 / 5")


def test_a_projector_that_crashed_is_driven_again_from_its_beat(projector, visitor, app):
    code = code_of(projector)
    speaker = visitor()
    speaker.goto(f"{app}/talks?speak={code}")
    speaker.get_by_role("button", name="Next").click()
    stand(projector, FLIP + 1)
    projector.goto("about:blank")
    projector.go_back()
    stand(projector, FLIP + 1)
    speaker.get_by_role("button", name="Next").click()
    stand(projector, FLIP + 2)


# Can make Streamlit deaf to one change of the address, and can break the speaker's socket.
_FRAIL = """
  addEventListener("popstate", (event) => {
    if (window.deaf) { window.deaf = false; event.stopImmediatePropagation(); }
  });
  const Whole = WebSocket;
  window.WebSocket = class extends Whole {
    constructor(address, ...more) {
      super(address, ...more);
      if (String(address).includes("/remote/")) window.remote = this;
    }
  };
"""


def test_what_got_lost_on_the_way_is_asked_for_again(visitor, app):
    projector, speaker = visitor(), visitor()
    with harness.before_all_scripts(projector, _FRAIL):
        open_beat(projector, app, 6)
    projector.evaluate("window.deaf = true")
    projector.keyboard.press("ArrowRight")
    stand(projector, 7)
    speaker.goto(f"{app}/talks?speak={code_of(projector)}")
    speaker.get_by_role("button", name="Next").click()
    stand(projector, 8)
    projector.evaluate("window.remote.close()")
    speaker.get_by_role("button", name="Next").click()
    stand(projector, 9)


def test_a_guessed_code_drives_nothing(projector, visitor, app):
    code_of(projector)
    other = visitor()
    other.goto(f"{app}/talks?speak=GUESS2")
    expect(other.get_by_text("No projector has this code")).to_be_visible()
    expect(other.get_by_role("button", name="Next")).to_have_count(0)


def test_a_state_is_added_with_a_key_and_presented(visitor, app):
    page = visitor()
    page.goto(f"{app}/pooling?pool=L2&present=1")
    page.locator(".player[data-ready]").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".note")).to_have_text("Added as beat 1 of “My talk”.")
    page.goto(f"{app}/talks")  # another session of the same browser, so the talk is its own
    expect(page.get_by_label("Line to say")).to_have_value("Pooling")
    page.get_by_label("Line to say").fill("The <b>L2</b> norm")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Present", exact=True).last.click()
    stand(page, 1)
    expect(page.locator(".strip .line")).to_have_text("The <b>L2</b> norm")
    assert "pool=L2" in page.url
