"""Baseline (c): the same page through the SQLAlchemy ORM with a joined load."""

import os
from datetime import datetime

from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    """Be the base of the tables."""


db = SQLAlchemy(model_class=Base)


class Author(db.Model):  # type: ignore[name-defined,misc]
    """Write posts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Post(db.Model):  # type: ignore[name-defined,misc]
    """Be one row of the page."""

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    author: Mapped[Author] = relationship()

    @property
    def name(self) -> str:
        """Return the author's name, as the template asks for it."""
        return self.author.name


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['BASELINE_DB']}"
db.init_app(app)


@app.get("/")
def page() -> str:
    """Show one thread."""
    query = select(Post).options(joinedload(Post.author, innerjoin=True))
    posts = db.session.scalars(query.filter_by(thread_id=500).order_by(Post.id))
    return render_template("page.html", posts=posts.all())
