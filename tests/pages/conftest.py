import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.components import ROOT


@pytest.fixture
def app():
    """Return the app as a visitor without a browser meets it, through app.py."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.run()
    assert not at.exception
    return at
