import socket
import threading

import pytest

from tests.browser import harness


class Elsewhere:
    """A proxy that every request to another host would go through; it counts who comes."""

    def __init__(self):
        self.asked = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        host, port = self._door.getsockname()
        self.address = f"http://{host}:{port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                wire, _ = self._door.accept()
            except OSError:
                return
            self.asked += 1
            wire.close()

    def close(self):
        self._door.close()


@pytest.fixture(scope="session")
def elsewhere():
    proxy = Elsewhere()
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Return the folder in which the served app keeps its data."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="session")
def served(elsewhere, kept):
    """Serve the app as a class meets it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy"):
            patch.setenv(name, elsewhere.address)
            patch.setenv(name.upper(), elsewhere.address)
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS", "https://lms.example.org")
        with harness.serve(data=kept) as address:
            yield address
