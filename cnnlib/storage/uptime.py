"""Time that passed while servers ran, which no clock that is set wrong can make longer.

Ages are counted in this time: a server that starts with its clock in the future, or after a summer,
deletes nothing before its time.
"""

import time

from cnnlib.storage.database import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS uptime (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seconds REAL NOT NULL,
    told REAL NOT NULL
)
"""


def read(database: Connection) -> float:
    """Return the seconds during which servers ran on this database."""
    row = database.execute("SELECT seconds FROM uptime").fetchone()
    return float(row["seconds"]) if row else 0.0


def count(database: Connection, elapsed_s: float) -> float:
    """Add the time since this server's last call, and return the sum.

    Servers that run side by side count the same time once: no more is added than the clock says to
    have passed since any of them called.

    Parameters
    ----------
    elapsed_s : float
        By a clock that cannot be set, such as `time.monotonic`.
    """
    now = time.time()
    with database:
        row = database.execute("SELECT told FROM uptime").fetchone()
        passed = min(elapsed_s, max(0.0, now - row["told"])) if row else 0.0
        database.execute(
            "INSERT INTO uptime (id, seconds, told) VALUES (1, 0, ?) "
            "ON CONFLICT (id) DO UPDATE SET seconds = seconds + ?, told = excluded.told",
            (now, passed),
        )
        return read(database)
