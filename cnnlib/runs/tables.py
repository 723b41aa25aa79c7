"""The tables of runs. What came later stands in tables of its own: older databases get them."""

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    sentence TEXT NOT NULL DEFAULT '',
    place INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    seconds REAL NOT NULL DEFAULT 0,
    server TEXT NOT NULL DEFAULT '',
    told INTEGER NOT NULL DEFAULT 0,
    checkpoint INTEGER NOT NULL DEFAULT 0,
    rewound INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS runs_of_owner ON runs (owner, created);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (run, number)
);
CREATE TABLE IF NOT EXISTS starts (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    words TEXT NOT NULL,
    origin TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rates (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    rate REAL NOT NULL
);
"""
SELECT = """
SELECT runs.*, coalesce(words, '') AS began, coalesce(origin, '') AS origin, rate
FROM runs LEFT JOIN starts ON starts.run = runs.id LEFT JOIN rates ON rates.run = runs.id
"""
