"""Bare insert: one INSERT and commit per request, SQLite in WAL mode with `synchronous=FULL`."""

import os
import sqlite3
import threading

from flask import Flask

app = Flask(__name__)
local = threading.local()


def connection() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(local, "connection"):
        found = sqlite3.connect(os.environ["BASELINE_DB"], timeout=10, isolation_level=None)
        found.execute("PRAGMA journal_mode=wal")
        found.execute("PRAGMA synchronous=full")
        local.connection = found
    kept: sqlite3.Connection = local.connection
    return kept


@app.post("/")
def insert() -> str:
    """Write one row."""
    database = connection()
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO entry (text, at) VALUES (?, ?)", ("agree", "2026-11-01 08:30:00"))
    database.execute("COMMIT")
    return "ok"
