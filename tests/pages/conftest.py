import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.runs import service
from tests.pages.components import ROOT
from tests.pages.told import Told


@pytest.fixture
def app():
    """The app as a visitor without a browser meets it: through app.py, as always."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.run()
    assert not at.exception
    return at


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Runs that are recorded and never trained, in place of this server's."""
    told = Told(tmp_path)
    monkeypatch.setattr(service, "of_this_server", lambda: told)
    yield told
    told.store.close()
