"""Component files in a browser: fetched once by address, or sent as text where none are served."""

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnlib.ui.components import files
from tests.browser import harness

# As the browser would ask for them after an update: the hash is of another day.
YESTERDAY = """async () => {
    const address = new URL("components/0123456789abcdef/shared/mount.js", document.baseURI);
    const { default: mount } = await import(address);
    return typeof (await mount("answer"));
}"""

TRANSFERRED = """performance.getEntriesByType("resource")
    .filter(({ name }) => name.includes("/components/"))
    .map(({ transferSize }) => transferSize)"""


def watched(page):
    """Return lists that fill with the page's packets and its answers of component files."""
    packets, answers = [], []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda payload: packets.append(payload)),
    )
    page.on(
        "response", lambda reply: answers.append(reply) if "/components/" in reply.url else None
    )
    return packets, answers


def components(packets):
    """Return the components in packets as Streamlit has them."""
    messages = (ForwardMsg.FromString(packet) for packet in packets if isinstance(packet, bytes))
    elements = (message.delta.new_element for message in messages if message.HasField("delta"))
    return [one.bidi_component for one in elements if one.HasField("bidi_component")]


def test_files_come_once_and_packets_hold_none(visitor, app):
    page = visitor(new=True)
    packets, answers = watched(page)
    player = harness.open_walk(page, f"{app}/convolution_1d")
    addresses = [reply.url for reply in answers]
    assert len(set(addresses)) == len(addresses) > 20
    assert all(one.startswith(f"{app}/components/{files.version()}/") for one in addresses)
    assert {reply.headers["cache-control"] for reply in answers} == {files._KEPT}
    before = len(answers)
    player.locator("[data-grid=kernel] .cell").first.dblclick()
    player.locator(".typed").fill("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**b=7*")
    assert len(answers) == before
    found = components(packets)
    names = {one.component_name for one in found}
    assert names == {"classroom.ear", "classroom.player", "classroom.stage"}
    for one in found:
        assert (one.html_content, one.css_content) == ("", "")
        assert len(one.js_content) < 200


def test_a_second_page_asks_for_nothing_that_is_there(visitor, app):
    page = visitor()
    harness.open_walk(page, f"{app}/convolution_1d")
    page.reload()
    page.locator(".player[data-ready]").wait_for()
    cached = page.evaluate(TRANSFERRED)
    assert len(cached) > 20
    assert set(cached) == {0}


def test_a_browser_that_keeps_the_address_of_another_day_gets_todays_files(visitor, app):
    page = visitor()
    harness.open_walk(page, f"{app}/convolution_1d")
    _, answers = watched(page)
    assert page.evaluate(YESTERDAY) == "function"
    asked = [reply.url for reply in answers if reply.status == 200]
    assert asked
    assert all(files.version() in address for address in asked)


def test_without_this_server_the_same_components_come_as_text(chromium):
    with harness.serve(harness.ROOT / "app.py") as address:
        page = chromium.new_page(viewport=harness.PROJECTOR)
        troubles = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        packets, answers = watched(page)
        paper = harness.open_pad(page, address)
        harness.draw(page, paper, 7)
        expect(page.locator(".answer .guess")).to_have_text("7")
        harness.open_walk(page, f"{address}/convolution_1d")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".player .count")).to_contain_text("/")
        page.goto(f"{address}/train")
        page.locator(".learning").wait_for()
        assert answers == []
        assert troubles == []
        sent = {one.component_name: one for one in components(packets)}
        assert len(sent["classroom.player"].css_content) > 1000
        page.close()
