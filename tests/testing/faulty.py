"""Plugins with one planted fault each, and the point of the checklist that must see it."""

from dataclasses import dataclass, field
from pathlib import Path

CODE = '''"""A plugin without a fault."""

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from wtforms import Form, StringField
from wtforms.validators import Length

from civic.api import Model, NavItem, Owned, Permission, PersonalData, Plugin, Table
from civic.api import hookimpl, render, require
from civic.api import lazy_gettext as _l


class Settings(Form):
    """Ask for a word."""

    word = StringField(_l("Word"), [Length(max=9)], default="good")


plugin = Plugin(
    "NAME",
    __name__,
    title=_l("Good"),
    api=">=1.0,<2",
    settings=Settings,
    permissions=[Permission("act", _l("Act oddly"), "participant")],
    nav=[NavItem(_l("Good"), "NAME.index")],
    personal_data=[PersonalData(field="a", purpose="b", basis="c", retention="d")],
)


class Note(Owned, Model):
    """Keep who noted what."""

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]


@plugin.get("/")
def index():
    """Show it."""
    return render("NAME/index.html", "NAME/index.html")


@plugin.post("/")
@require("NAME.act")
def act():
    """Act."""
    return ""


@hookimpl
def home_panel(community):
    """Show a panel."""
    return Markup('<p><a href="{}">good</a></p>').format(
        url_for("NAME.index", community=community.slug)
    )


@hookimpl
def export_member(person_id):
    """Give out."""
    return [Table("NAME", "Good", {"words": "Words"}, [])]


@hookimpl
def forget_member(person_id):
    """Forget."""
'''
MIGRATION = '''"""notes

Revision ID: NAME_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "NAME_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "NAME_note",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name=op.f("fk_NAME_note_person_id_person"))),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id", name=op.f("fk_NAME_note_community_id_community")), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_NAME_note")),
    )
    op.create_index(op.f("ix_NAME_note_community_id"), "NAME_note", ["community_id"])


def downgrade():
    op.drop_table("NAME_note")
'''
CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Word"
msgstr "词"

msgid "Good"
msgstr "好"

msgid "Act oddly"
msgstr "做"
"""
INIT, TEMPLATE = "__init__.py", "templates/NAME/index.html"
MIGRATE, CHINESE = "migrations/0001_notes.py", "translations/zh_Hans_CN/LC_MESSAGES/NAME.po"
FILES = {
    INIT: CODE,
    TEMPLATE: '{% extends "base.html" %}{% block main %}<h1>{{ _("Good") }}</h1>{% endblock %}',
    MIGRATE: MIGRATION,
    CHINESE: CATALOGUE,
}


@dataclass(frozen=True)
class Fault:
    """Plant one fault.

    :ivar name: of the plugin that has it.
    :ivar point: code of the point that must see it, and no other.
    :ivar said: a part of what it must say.
    :ivar file: in which text is put in another's place.
    :ivar files: further files, by path.
    """

    name: str
    point: str
    said: str
    file: str = INIT
    old: str = ""
    new: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write the plugin into a folder in which Python finds packages."""
        for path, text in (FILES | self.files).items():
            if path == self.file and self.old:
                assert self.old in text, (self.name, self.old)
                text = text.replace(self.old, self.new)  # noqa: PLW2901
            target = folder / f"civic_{self.name}" / path.replace("NAME", self.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace("NAME", self.name), "utf-8")


GOOD = Fault("good", "", "")
FAULTS = (
    Fault(
        "deep",
        "imports",
        "civic.kernel",
        old="from flask import url_for\n",
        new="from flask import url_for\n\nfrom civic.kernel import text\n",
    ),
    Fault(
        "late",
        "imports",
        "civic_good",
        old='    """Show it."""\n',
        new='    """Show it."""\n    import civic_good\n',
    ),
    Fault("muddled", "range", "cannot be read", old=">=1.0,<2", new="new enough"),
    Fault("future", "range", "leaves out", old=">=1.0,<2", new=">=2"),
    Fault("shadow", "files", "templates/shadow/", files={"templates/base.html": "mine"}),
    Fault(
        "missing",
        "files",
        "static/a.css",
        TEMPLATE,
        "<h1>",
        "{% if false %}{{ static('p/NAME/a.css') }}{% endif %}<h1>",
    ),
    Fault("english", "catalogues", "'Act oddly'", CHINESE, 'msgid "Act oddly"\nmsgstr "做"\n', ""),
    Fault(
        "torn",
        "catalogues",
        "torn.po",
        CHINESE,
        'msgid "Act oddly"\n',
        'nonsense\nmsgid "Act oddly"\n',
    ),
    Fault(
        "overruled",
        "catalogues",
        "on this site",
        TEMPLATE,
        '_("Good")',
        '_("Home")',
        files={CHINESE: f'{CATALOGUE}\nmsgid "Home"\nmsgstr "房子"\n'},
    ),
    Fault("shouting", "permissions", "small letters", old='"act"', new='"Act!"'),
    Fault("undeclared", "permissions", "NAME.other", old='e("NAME.act', new='e("NAME.other'),
    Fault("misspelt", "hooks", "home_pannel", old="home_panel", new="home_pannel"),
    Fault("greedy", "hooks", "weather", old="panel(community)", new="panel(community, weather)"),
    Fault(
        "broken",
        "loads",
        "not today",
        old="from flask",
        new="raise RuntimeError('not today')\nfrom flask",
    ),
    Fault("nameless", "loads", "plugin = Plugin", old="plugin", new="other"),
    Fault(
        "leaving",
        "down-and-up",
        "still there",
        MIGRATE,
        '    op.drop_table("NAME_note")',
        "    pass",
    ),
    Fault(
        "stuck",
        "down-and-up",
        "downgrade fails",
        MIGRATE,
        'op.drop_table("NAME',
        'op.drop_table("x',
    ),
    Fault(
        "drifting",
        "models",
        "words",
        MIGRATE,
        '        sa.Column("words", sa.String(), nullable=False),\n',
        "",
    ),
    Fault(
        "silent",
        "personal-data",
        "personal_data",
        old='[PersonalData(field="a", purpose="b", basis="c", retention="d")]',
        new="[]",
    ),
    Fault(
        "keeping",
        "personal-data",
        "export_member",
        old="@hookimpl\ndef export_member",
        new="def exported",
    ),
    Fault(
        "unforgetting",
        "personal-data",
        "forget_member",
        old="@hookimpl\ndef forget_member",
        new="def forgotten",
    ),
    Fault("open", "guards", "open.act", old='@require("NAME.act")\n', new=""),
    Fault("lost", "nav", "lost.nowhere", old='"NAME.index")]', new='"NAME.nowhere")]'),
    Fault("unfit", "settings", "word is refused", old="max=9", new="max=2"),
    Fault("bare", "settings", "word has no default", old=', default="good"', new=""),
    Fault(
        "everywhere",
        "off",
        "/everywhere/",
        old="class Note",
        new='plugin.record(\n    lambda s: s.app.add_url_rule("/everywhere/", "everywhere", lambda: "")\n)\n\n\nclass Note',
    ),
    Fault("failing", "on", "answers 500", TEMPLATE, "<h1>", "{{ 1 / 0 }}<h1>"),
    Fault(
        "once",
        "two-apps",
        "",
        old="class Note",
        new='SEEN = []\n\n\ndef remember(state):\n    if "civic_events" in state.app.extensions:\n        SEEN.append(state.app)\n    assert len(SEEN) < 2, "once only"\n\n\nplugin.record(remember)\n\n\nclass Note',
    ),
)
