"""The tools of staff at a community: what each post may do there, by subject."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _

from civic.communities.models import Community
from civic.kernel import exchange
from civic.kernel.permissions import Actor, allowed

#: The page of the tables of one plugin.
TABLES = "tables.index"


@dataclass(frozen=True)
class Tool:
    """Be one way to do something, in words and with its icon."""

    title: str
    url: str
    icon: str


@dataclass(frozen=True)
class Subject:
    """Be tools that belong together."""

    title: str
    tools: list[Tool]


def at(actor: Actor, community: Community | None) -> list[Subject]:
    """Return what the actor may do at a community; subjects without tools are left out."""
    if community is None:
        return []
    found = []
    for title, rows in _table():
        tools = [
            Tool(words, _address(endpoint, community), icon)
            for permission, endpoint, words, icon in rows
            if endpoint in current_app.view_functions and allowed(actor, permission, community.path)
        ]
        if tools:
            found.append(Subject(title, tools))
    plugged = [
        Tool(str(each.title), url_for(TABLES, community=community.slug, plugin=each.plugin), "tree")
        for each in exchange.tables(actor, community)
    ]
    if plugged:
        found.append(Subject(_("Tables of plugins"), plugged))
    return found


def _address(endpoint: str, community: Community) -> str:
    rule = next(current_app.url_map.iter_rules(endpoint))
    if "community" in rule.arguments:
        return url_for(endpoint, community=community.slug)
    return url_for(endpoint)


def _table() -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    return [
        (
            _("Consultations"),
            [
                ("consultations.manage", "case_desk.new", _("Begin a case"), "plus"),
                ("consultations.manage", "case_desk.index", _("Cases by stage"), "calendar"),
                ("consultations.manage", "office.new", _("Ask a new question"), "plus"),
                (
                    "consultations.moderate",
                    "moderation.index",
                    _("Hidden texts and objections"),
                    "hidden",
                ),
            ],
        ),
        (
            _("Topics of residents"),
            [
                ("topics.manage", "topic_desk.index", _("Weigh and answer topics"), "talk"),
                ("topics.manage", "topics.new", _("Write down a topic for somebody"), "plus"),
                (
                    "topics.catalogue",
                    "catalogue.desk",
                    _("Yearly catalogue of consultation"),
                    "notice",
                ),
            ],
        ),
        (
            _("Ballots"),
            [
                ("ballots.manage", "ballot_desk.new", _("Write a ballot"), "plus"),
                ("ballots.manage", "ballot_desk.index", _("Ballots of the office"), "ballot"),
                ("ballots.manage", "rolls.index", _("Rolls of voters"), "people"),
            ],
        ),
        (
            _("Notices"),
            [
                ("notices.draft", "notice_desk.new", _("Write a notice"), "plus"),
                ("notices.draft", "notice_desk.index", _("Drafts and checking"), "edit"),
            ],
        ),
        (
            _("People"),
            [
                ("identities.invite", "desk.list_codes", _("Invitation codes"), "key"),
                ("identities.verify", "claims.desk", _("Claims"), "shield"),
                ("identities.verify", "people.index", _("People and standings"), "people"),
                (
                    "identities.verify",
                    "organisations.index",
                    _("Units and organisations"),
                    "office",
                ),
                ("identities.verify", "dwellings.index", _("Homes and owners"), "home"),
                ("identities.prove", "desk.contact", _("Prove a number at the desk"), "phone"),
                (
                    "identities.recover",
                    "desk.recovery_form",
                    _("Help somebody who cannot get in"),
                    "lock",
                ),
                ("identities.verify", "records.name_form", _("Correct a name"), "edit"),
                (
                    "identities.verify",
                    "records.list_children",
                    _("Accounts of children"),
                    "person",
                ),
            ],
        ),
        (
            _("The site"),
            [
                ("identities.appoint", "posts.index", _("Posts and appointments"), "people"),
                ("procedures.files", "procedure_desk.index", _("Procedures"), "notice"),
                ("admin.manage", "admin.index", _("Administration"), "gear"),
                ("admin.manage", "plugins.index", _("Plugins"), "plus"),
                ("admin.manage", "imports.index", _("Import a table"), "tree"),
                ("admin.manage", "trees.index", _("Places, bodies and communities"), "tree"),
            ],
        ),
    ]
