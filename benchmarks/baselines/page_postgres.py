"""Baseline (b'): the page through psycopg 3 and its pool on PostgreSQL; and one INSERT there."""

import os

from flask import Flask, render_template
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool

app = Flask(__name__)
pool = ConnectionPool(
    os.environ["BASELINE_PG"], min_size=4, kwargs={"row_factory": namedtuple_row}, open=True
)


@app.get("/")
def page() -> str:
    """Show one thread."""
    with pool.connection() as connection:
        posts = connection.execute(
            "SELECT post.id, post.text, post.at, author.name FROM baseline.post"
            " JOIN baseline.author ON author.id = post.author_id"
            " WHERE post.thread_id = %s ORDER BY post.id",
            (500,),
        ).fetchall()
    return render_template("page.html", posts=posts)


@app.post("/")
def insert() -> str:
    """Write one row."""
    with pool.connection() as connection:
        connection.execute(
            "INSERT INTO baseline.entry (text, at) VALUES (%s, %s)",
            ("agree", "2026-11-01 08:30:00"),
        )
    return "ok"
