"""`make screenshots`: every page, light and dark, projector and phone; every beat of the talks.

The two pictures that the README opens with are written too.
"""

import sys

from playwright.sync_api import Browser, Page, sync_playwright

from cnnlib.lessons.listing import LESSONS
from cnnlib.ui.talks.shelf import shipped
from tests.browser import harness, readme_pictures

FOLDER = harness.ROOT / "screenshots"


def _draw(page: Page) -> None:
    page.get_by_role("button", name="Write a sample 7").click()
    page.wait_for_timeout(2500)
    page.locator("canvas[data-layer=conv3]").click(position={"x": 14, "y": 14})


# The act on a page before its picture is taken a second time.
ACTIONS = {"draw": _draw}


def _beats(browser: Browser, address: str, talk: str) -> None:
    """Walk a talk on a projector, and take a picture of every beat."""
    page = browser.new_page(viewport=harness.PROJECTOR)
    for number, beat in enumerate(shipped()[talk].beats, 1):
        if number == 1:
            query = f"present=1&talk={talk}&beat=1"
            page.goto(f"{address}/{beat.link}{'&' if '?' in beat.link else '?'}{query}")
        else:
            page.keyboard.press("ArrowRight")
        page.locator(f".stage[data-beat='{number}']").wait_for(state="attached")
        page.wait_for_timeout(1500 if number == 1 else 800)
        page.screenshot(path=FOLDER / f"{talk}-{number:02}.png")
    page.close()


def main() -> int:
    """Write the pictures and return the process's exit code."""
    if harness.chromium_path() is None:
        print(harness.HOW_TO_INSTALL, file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    shapes = {"projector": harness.PROJECTOR, "phone": harness.PHONE}
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for name, viewport in shapes.items():
            for theme in ("light", "dark"):
                for lesson in LESSONS:
                    phone = name == "phone"
                    context = browser.new_context(
                        viewport=viewport,
                        color_scheme=theme,
                        has_touch=phone,
                        is_mobile=phone,
                        device_scale_factor=2 if phone else 1,
                    )
                    page = context.new_page()
                    page.goto(f"{address}/{lesson.stem}")
                    page.locator("[data-testid=stMainBlockContainer] h4").first.wait_for()
                    page.wait_for_timeout(1500)
                    page.screenshot(path=FOLDER / f"{lesson.stem}-{name}-{theme}.png")
                    if lesson.stem in ACTIONS:
                        ACTIONS[lesson.stem](page)
                        page.wait_for_timeout(800)
                        path = FOLDER / f"{lesson.stem}-{name}-{theme}-used.png"
                        page.screenshot(path=path, full_page=phone)
                    context.close()
        for talk in shipped():
            _beats(browser, address, talk)
        readme_pictures.write(browser, address)
        browser.close()
    for folder in (FOLDER, readme_pictures.FOLDER):
        pictures = [*folder.glob("*.png"), *folder.glob("*.gif")]
        print(f"{len(pictures)} pictures in {folder.relative_to(harness.ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
