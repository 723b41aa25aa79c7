"""A fault of the app shows a visitor one sentence, and nothing of the server."""

from playwright.sync_api import expect

from tests.browser import harness

SERVER = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from cnnlib.server import faults

app = st.App("page.py", on_script_error=faults.tell)
"""
PAGE = """
import streamlit as st

def press():
    raise RuntimeError("a secret of a callback in " + __file__)

st.button("Press", on_click=press)
if st.toggle("Break"):
    raise RuntimeError("a secret in " + __file__)
"""


def test_a_visitor_reads_a_sentence_and_no_trace(chromium, tmp_path):
    script = tmp_path / "serve.py"
    script.write_text(SERVER.format(root=str(harness.ROOT)), encoding="utf-8")
    script.with_name("page.py").write_text(PAGE, encoding="utf-8")
    page = chromium.new_page()
    with harness.serve(script, folder=harness.ROOT) as address:
        page.goto(address)
        page.get_by_text("Break").click()
        expect(page.get_by_text("This page met a fault of the app")).to_be_visible()
        text = page.locator("body").inner_text()
        page.get_by_text("Break").click()
        expect(page.get_by_text("This page met a fault of the app")).to_have_count(0)
        page.get_by_text("Press").click()
        expect(page.get_by_text("This page met a fault of the app")).to_be_visible()
        text += page.locator("body").inner_text()
        assert "secret" not in text
        assert str(tmp_path) not in text
    page.close()
