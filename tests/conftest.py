"""Settings of all tests: one thread, no stopwatch on examples, and a data folder of their own."""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

# Read by NumPy and PyTorch when they are first imported: two threads that share two cores
# with a browser or a server slow small operations a hundredfold.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

# A folder for the app's data in tests; it is deleted when nothing uses it any more.
os.environ["CNN_CLASSROOM_DATA"] = tempfile.mkdtemp(prefix="classroom-tests-")
atexit.register(shutil.rmtree, os.environ["CNN_CLASSROOM_DATA"], ignore_errors=True)

# The time of an example depends on the machine's other work, so no example has a deadline.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Return runs that are recorded and never trained, in place of this server's."""
    # Imported here because NumPy must have its one thread first, and the data their folder.
    from cnnlib.runs import service
    from tests.pages.told import Told

    told = Told(tmp_path)
    monkeypatch.setattr(service, "of_this_server", lambda: told)
    yield told
    told.store.close()
