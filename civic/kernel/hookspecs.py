"""Every hook of the plugin contract: what is called, with what, for what.

A hook takes any of its arguments by name; new ones may be added, none is taken away within a major
version. Only plugins that are on in the community are asked, in the order of their names, unless
the hook says otherwise. What a hook did in the transaction of its caller is undone where it fails;
it neither commits nor rolls back. This is isolation of faults, not of malice.
"""

from typing import TYPE_CHECKING, Any

import pluggy
from flask import Flask
from markupsafe import Markup
from sqlalchemy import ColumnElement

from civic.kernel.checkspecs import check_ballot, check_stage, hookspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from civic.communities.models import Community
    from civic.identities.models import Person
    from civic.kernel.due import Due
    from civic.kernel.own_data import Table
    from civic.kernel.permissions import Actor
    from civic.kernel.plugin import NavItem
    from civic.kernel.tell import Delivery, Recipient

__all__ = ["check_ballot", "check_stage"]
#: Version of the contract with plugins, apart from releases.
API_VERSION = "1.0"
#: Hooks that only show something.
PRESENTATION = frozenset({"home_panel", "profile_panel", "page_head", "actions", "dashboard"})
#: Hooks that nothing waits for: a plugin that is slow in one of them again and again is paused.
PAUSED = PRESENTATION | {"check_stage"}

hookimpl = pluggy.HookimplMarker("civic")


@hookspec
def configure(app: Flask) -> None:
    """Set up the application once, when it is made: filters of templates, extensions.

    An escape hatch for what nothing else of the contract does. Every loaded plugin is asked, on or
    off. Where it fails, the plugin is not loaded, and the reason stands on the plugin page.

    Since 1.0.
    :param app: the application; it has no database to be asked yet.
    """


@hookspec
def plugin_enabled(community: "Community", actor: "Actor") -> None:
    """Prepare a community in which this plugin was just switched on: first rows, defaults.

    Runs in the acting transaction, each time it is switched on, so it has to look what is there
    already. Only the plugin concerned is asked. Where it fails, the plugin stays off, and whoever
    switched reads so.

    Since 1.0.
    :param community: where it was switched on.
    :param actor: who did it; nobody where it was done by a command.
    """


@hookspec
def plugin_disabled(community: "Community", actor: "Actor") -> None:
    """Come to rest in a community in which this plugin was just switched off; its data stay.

    Runs in the acting transaction; only the plugin concerned is asked. Where it fails, what it did
    is undone and the plugin is off all the same.

    Since 1.0.
    :param community: where it was switched off.
    :param actor: who did it; nobody where it was done by a command.
    """


@hookspec
def home_panel(community: "Community", actor: "Actor") -> Markup | None:
    """Show a panel on the home page of a community.

    Where it fails, the page is there without it.

    Since 1.0.
    :param community: whose page it is.
    :param actor: who looks at it.
    :returns: a piece of the page, or nothing. A plain string is refused: it might hold anything.
    """


@hookspec
def profile_panel(community: "Community", person: "Person", actor: "Actor") -> Markup | None:
    """Show a panel about a person: to themself on their own page, to staff in the register.

    Where it fails, the page is there without it. Staff who look are logged by the page as for all
    that the register shows.

    Since 1.0.
    :param community: on whose page it is; on one's own page, the community one belongs to.
    :param person: whom it is about.
    :param actor: who looks at it.
    :returns: a piece of the page, or nothing.
    """


@hookspec
def page_head(community: "Community") -> Markup | None:
    """Add to the head of each page of a community: a stylesheet of the plugin's own, meta data.

    Scripts and styles in the page itself do not run; the site allows files of its own only. Where
    it fails, the page is there without it.

    Since 1.0.
    :param community: whose page it is.
    :returns: elements for the head, or nothing.
    """


@hookspec
def actions(community: "Community", actor: "Actor", subject: object) -> "Iterable[NavItem] | None":
    """Offer more to do with a consultation or a notice, on its page.

    What the actor may not do is left out by the permission of each way. Where it fails, the page is
    there without what this plugin offers.

    Since 1.0.
    :param community: whose page it is.
    :param actor: who looks at it.
    :param subject: the row that is shown; ask its class with `isinstance`.
    :returns: ways, each with the `values` its address takes besides the community.
    """


@hookspec
def dashboard(
    communities: "Sequence[Community]",
    actor: "Actor",
    desk: bool,  # noqa: FBT001 - pluggy knows no keyword-only arguments
    limit: int,
) -> "Iterable[Due] | None":
    """Say what waits for somebody, on the home page and on the desk of staff.

    Asked once for all communities of a page, so answer with a bounded number of statements. Where
    it fails, the page is there without what waits in this plugin.

    Since 1.0.
    :param communities: those of the page in which this plugin is on.
    :param actor: for whom it waits; a visitor is not asked about.
    :param desk: true for what waits for the actor's posts, false for what waits for the person.
    :param limit: how many are shown at most, the earliest first.
    :returns: what waits, the earliest first.
    """


@hookspec
def visible(actor: "Actor", model: type[Any]) -> ColumnElement[bool] | None:
    """Narrow which rows of a table of the core somebody may see, in lists and one by one.

    The condition counts for the rows of communities in which this plugin is on, wherever they are
    shown; it can only narrow what the core shows. It is asked for consultations and notices. Where
    it fails, those rows are hidden, with a sentence.

    Since 1.0.
    :param actor: who asks.
    :param model: the class of the rows, with `community_id`.
    :returns: a condition in SQL over that class, or nothing to narrow nothing.
    """


@hookspec
def veto(actor: "Actor", act: str, subject: object) -> str | None:
    """Say the last word against an act that all rules of the core allow; the first reason counts.

    Asked before a vote is cast (`voting.vote`), a comment posted (`consultations.speak`), a
    consultation published (`consultations.manage`) and a notice issued (`notices.issue`). Where it
    fails, the act is refused, with a sentence.

    Since 1.0.
    :param actor: who acts.
    :param act: code of the permission, or of the act.
    :param subject: the row acted on: the ballot, the consultation or the notice.
    :returns: a sentence that says why not and what to do, in the language of the page, or nothing.
    """


@hookspec
def render_text(community_id: int, text: str, markup: str) -> Markup | None:
    """Turn a text into HTML in place of the core, for a way of writing of one's own.

    Asked when a text is written: of a consultation, a comment or a notice. The first answer counts,
    and only what the site allows in texts is left in it. Where it fails, the core renders the text.

    Since 1.0.
    :param community_id: where it is written.
    :param text: what was written, tidied.
    :param markup: how the core would read it: `markdown`.
    :returns: HTML, or nothing to leave it to others.
    """


@hookspec
def deliver(delivery: "Delivery", recipient: "Recipient") -> bool | None:
    """Carry a message to somebody by a channel of one's own; the first that takes it counts.

    Asked by the job that mails, in its transaction: keep a row, and let a job of the plugin send
    it. The message stands in the inbox in any case. Where it fails, the message is mailed.

    Since 1.0.
    :param delivery: what is told, in the language of the reader.
    :param recipient: whom.
    :returns: true where the plugin carries it, so that it is not mailed; nothing otherwise.
    """


@hookspec
def export_member(person_id: int) -> "Iterable[Table] | None":
    """Give out all that this plugin stores about a person, to that person.

    Every loaded plugin is asked, wherever it is on or off. Where it fails, the export says that
    this part is missing and whom to ask.

    Since 1.0.
    :param person_id: whose data.
    :returns: tables with all that is stored about them, and nothing personal of others.
    """


@hookspec
def forget_member(person_id: int) -> None:
    """Erase what this plugin stores about a person whose account is closed.

    Runs in the acting transaction; every loaded plugin is asked, wherever it is on or off. It is
    not isolated: where it fails, nothing of the account is closed, and the page says so.

    Since 1.0.
    :param person_id: whose data.
    """
