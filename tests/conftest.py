"""What all tests share: one thread, no stopwatch on examples, and a data folder of their own."""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

# Read by NumPy and PyTorch when they are first imported: two threads that share two cores
# with a browser or a server slow small operations a hundredfold.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

# What the app keeps in a test is nobody's; the folder goes when everything that used it has.
os.environ["CNN_CLASSROOM_DATA"] = tempfile.mkdtemp(prefix="classroom-tests-")
atexit.register(shutil.rmtree, os.environ["CNN_CLASSROOM_DATA"], ignore_errors=True)

# How long an example takes depends on what else the machine does.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Runs that are recorded and never trained, in place of this server's."""
    # Not before NumPy has its one thread, and the data their folder.
    from cnnlib.runs import service
    from tests.pages.told import Told

    told = Told(tmp_path)
    monkeypatch.setattr(service, "of_this_server", lambda: told)
    yield told
    told.store.close()
