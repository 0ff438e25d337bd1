"""Make the small database that the baselines read: 1,000 threads of 50 posts, 1,000 authors."""

import sqlite3
from pathlib import Path

THREADS, POSTS, AUTHORS = 1000, 50, 1000
TEXT = "早高峰班车太挤了，建议七点半和八点各加一班，绕行二龙路东口，老人上下车也方便。" * 2


def make(path: Path) -> None:
    """Write the tables and their rows into a new file."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.executescript(
            "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            "CREATE TABLE post (id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL,"
            " author_id INTEGER NOT NULL REFERENCES author, text TEXT NOT NULL, at TEXT NOT NULL);"
            "CREATE INDEX post_thread ON post (thread_id, id);"
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL);"
        )
        authors = ((number, f"居民{number:04}") for number in range(1, AUTHORS + 1))
        connection.executemany("INSERT INTO author VALUES (?, ?)", authors)
        connection.executemany(
            "INSERT INTO post (thread_id, author_id, text, at) VALUES (?, ?, ?, ?)",
            (
                (thread, 1 + (thread * 7 + post * 13) % AUTHORS, TEXT, "2026-11-01 08:30:00.000000")
                for thread in range(1, THREADS + 1)
                for post in range(POSTS)
            ),
        )
    connection.close()
