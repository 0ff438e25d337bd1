"""Baseline (b): a Jinja page of 50 rows (18 kB), one query through `sqlite3`."""

import os
import sqlite3
import threading

from flask import Flask, render_template

app = Flask(__name__)
local = threading.local()


def connection() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["BASELINE_DB"])
        local.connection.row_factory = sqlite3.Row
    found: sqlite3.Connection = local.connection
    return found


@app.get("/")
def page() -> str:
    """Show one thread."""
    posts = connection().execute(
        "SELECT post.id, post.text, post.at, author.name FROM post"
        " JOIN author ON author.id = post.author_id WHERE post.thread_id = ? ORDER BY post.id",
        (500,),
    )
    return render_template("page.html", posts=posts.fetchall())
