"""The embedded database is shared by threads and processes, and its troubles are sentences."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from cnnlib.storage import database as records
from cnnlib.storage.database import RecordsError, connect, data_folder

NOTES = "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"


def texts(connection):
    return [row["text"] for row in connection.execute("SELECT text FROM notes ORDER BY id")]


def add(connection, text):
    connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))


@pytest.fixture
def open_notes():
    opened = []

    def open_at(folder, tables=NOTES):
        opened.append(connect(folder, tables))
        return opened[-1]

    yield open_at
    for connection in opened:
        connection.close()


def test_what_was_written_is_there_for_others_and_later(tmp_path, open_notes):
    here = open_notes(tmp_path / "new" / "folder")
    add(here, "one")
    assert texts(open_notes(tmp_path / "new" / "folder")) == ["one"]


def test_the_folder_is_the_variables_or_the_platforms(monkeypatch, tmp_path):
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("CNN_CLASSROOM_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert data_folder() == tmp_path / "share" / "cnn-classroom"


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path, open_notes):
    notes = open_notes(tmp_path)
    with suppress(ZeroDivisionError), notes:
        add(notes, "undone")
        _ = 1 / 0
    with notes:
        add(notes, "one")
        add(notes, "two")
    assert texts(notes) == ["one", "two"]


def test_no_other_threads_statement_comes_into_a_transaction(tmp_path, open_notes):
    notes = open_notes(tmp_path)
    other = Thread(target=add, args=(notes, "other"))
    with suppress(ZeroDivisionError), notes:
        add(notes, "undone")
        other.start()
        other.join(0.05)
        _ = 1 / 0
    other.join()
    assert texts(notes) == ["other"]


def test_many_may_make_the_file_at_once(tmp_path, open_notes):
    def write(number):
        add(open_notes(tmp_path), str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert sorted(map(int, texts(open_notes(tmp_path)))) == list(range(24))


def test_a_killed_writer_leaves_what_it_had_committed(tmp_path, open_notes):
    code = """
import os, signal, sys
from pathlib import Path
from cnnlib.storage.database import connect
notes = connect(Path(sys.argv[1]), sys.argv[2])
notes.execute("INSERT INTO notes (text) VALUES ('kept')")
with notes:
    notes.execute("INSERT INTO notes (text) VALUES ('half')")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    command = [sys.executable, "-c", code, str(tmp_path), NOTES]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2])
    assert killed.returncode == -9
    assert texts(open_notes(tmp_path)) == ["kept"]


def test_a_folder_that_cannot_be_one_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordsError, match=r"cannot be written .*CNN_CLASSROOM_DATA"):
        connect(tmp_path / "file", NOTES)
    with pytest.raises(RecordsError, match="cannot be written"):
        connect(tmp_path / "file" / "below", NOTES)
    (tmp_path / "taken" / records.FILE).mkdir(parents=True)
    with pytest.raises(RecordsError, match="cannot be written"):
        connect(tmp_path / "taken", NOTES)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path):
    file = tmp_path / records.FILE
    file.write_bytes(b"a letter to grandmother" * 100)
    with pytest.raises(RecordsError, match="is damaged or no database"):
        connect(tmp_path, NOTES)
    assert file.read_bytes().startswith(b"a letter")


def test_a_damaged_database_is_told(tmp_path, open_notes):
    notes = connect(tmp_path, NOTES)
    for number in range(2000):
        add(notes, f"{number} " * 20)
    notes.close()
    content = bytearray((tmp_path / records.FILE).read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    (tmp_path / records.FILE).write_bytes(content)
    with pytest.raises(RecordsError, match="is damaged"):
        texts(open_notes(tmp_path))


def test_a_later_version_is_told_and_left_alone(tmp_path):
    connect(tmp_path, NOTES).close()
    with sqlite3.connect(tmp_path / records.FILE) as raw:
        raw.execute("PRAGMA user_version = 7")
    raw.close()
    with pytest.raises(RecordsError, match="is of version 7, and this program knows up to 1"):
        connect(tmp_path, NOTES)


def test_a_full_disk_is_told_and_nothing_of_the_transaction_stays(tmp_path, open_notes):
    notes = open_notes(tmp_path)
    add(notes, "kept")
    notes.execute("PRAGMA max_page_count = 3")  # as a full disk does, SQLite refuses to grow

    def write_both():
        with notes:
            add(notes, "small")
            add(notes, "long" * 10_000)

    with pytest.raises(RecordsError, match="is full: make room"):
        write_both()
    assert texts(notes) == ["kept"]
    add(notes, "small again")


def test_a_database_that_another_holds_is_told(tmp_path, open_notes, monkeypatch):
    monkeypatch.setattr(records, "_PATIENCE_S", 0.05)
    first, second = open_notes(tmp_path), open_notes(tmp_path)
    with first, pytest.raises(RecordsError, match="in use by another program"):
        add(second, "never")
    add(second, "now")
    assert texts(first) == ["now"]


def test_a_callers_own_constraint_stays_the_callers(tmp_path, open_notes):
    with pytest.raises(sqlite3.IntegrityError):
        open_notes(tmp_path).execute("INSERT INTO notes (text) VALUES (NULL)")


def test_half_a_character_is_told_and_nothing_is_written(tmp_path, open_notes):
    notes = open_notes(tmp_path)
    with pytest.raises(RecordsError, match="holds half of a character"):
        add(notes, "a \ud800 b")
    assert texts(notes) == []


def test_an_error_on_the_way_to_a_row_is_told(tmp_path, open_notes):
    notes = open_notes(tmp_path)
    notes.execute("INSERT INTO notes (text) VALUES (CAST(x'ff' AS TEXT))")
    for fetch in (lambda rows: rows.fetchone(), lambda rows: rows.fetchall(), next, list):
        with pytest.raises(RecordsError, match="refused: Could not decode"):
            fetch(notes.execute("SELECT text FROM notes"))
