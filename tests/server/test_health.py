"""Health tells when the database is dead, and metrics are not everybody's."""

import shutil
import time

import pytest

from cnnlib.server import health
from cnnlib.storage.database import FILE, RecordsError, connect, probe
from tests.browser import harness
from tests.server.raw import ask


def test_the_server_says_that_its_database_is_dead_and_nothing_about_its_folders(tmp_path):
    data = tmp_path / "data"
    with harness.serve(data=data) as address:
        assert ask(address, "/healthz")[::2] == (200, b"ok\n")
        shutil.rmtree(data)
        told = b""
        for _ in range(1000):  # an answer holds for a moment
            status, _, told = ask(address, "/healthz")
            if status != 200:
                break
            time.sleep(health.KEPT_S / 10)
        assert status == 503
        assert told == b"The database cannot be used: the server's log says why.\n"


def test_a_database_that_is_gone_damaged_or_in_use_is_told_apart(tmp_path, monkeypatch):
    connect(tmp_path, "CREATE TABLE IF NOT EXISTS notes (id INTEGER)").close()
    probe(tmp_path)
    busy = connect(tmp_path, "CREATE TABLE IF NOT EXISTS notes (id INTEGER)")
    with busy:
        probe(tmp_path)  # somebody writes: it is alive
    busy.close()
    (tmp_path / FILE).write_bytes(b"no database " * 1000)
    with pytest.raises(RecordsError, match="damaged"):
        probe(tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(RecordsError, match="cannot be"):
        probe(tmp_path)


@pytest.mark.parametrize(("said", "status"), [("", 200), ("10.1.2.3", 403), ("2001:db8::1", 403)])
def test_metrics_are_this_machines(served, said, status):
    headers = {"X_Forwarded_For": said} if said else {}
    assert ask(served, "/_stcore/metrics", **headers)[0] == status
    assert ask(served, "/_stcore/health", **headers)[0] == 200
