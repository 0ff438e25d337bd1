"""The hooks as the core calls them: one typed method for each, named like it.

Pages, commands and services see these, and never what answers.
"""

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, g
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, false, not_, or_

from civic.kernel import activations, answers, text
from civic.kernel.answers import Link
from civic.kernel.calling import Calls, HookFailed, Implementation
from civic.kernel.due import Due
from civic.kernel.errors import Refused
from civic.kernel.objecting import Objection, StageMove
from civic.kernel.own_data import Table
from civic.kernel.permissions import Actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civic.communities.models import Community
    from civic.identities.models import Person
    from civic.kernel.tell import Delivery, Recipient


log = logging.getLogger(__name__)


class Hooks(Calls):
    """Call each hook for what it is there for."""

    def configure(self, name: str, app: Flask) -> None:
        """Let one plugin set up the application; what it raises is not caught."""
        for item in self._of("configure", name):
            item.function(*[app for _ in item.arguments])

    def plugin_enabled(self, name: str, community: "Community", actor: Actor) -> None:
        """Let a plugin prepare a community.

        :raises HookFailed: where it fails; what it did is undone.
        """
        self._switched("plugin_enabled", name, community, actor)

    def plugin_disabled(self, name: str, community: "Community", actor: Actor) -> None:
        """Let a plugin come to rest in a community.

        :raises HookFailed: where it fails; what it did is undone.
        """
        self._switched("plugin_disabled", name, community, actor)

    def _switched(self, hook: str, name: str, community: "Community", actor: Actor) -> None:
        for item in self._of(hook, name):
            self.attempt(item, hook, community.id, {"community": community, "actor": actor})

    def _of(self, hook: str, name: str) -> list[Implementation]:
        return [item for item in self.answers(hook) if item.plugin == name]

    def home_panel(self, community: "Community", actor: Actor) -> Markup:
        """Return what the plugins show on the home page of a community."""
        return answers.join(self.each("home_panel", community, answers.markup, actor=actor))

    def profile_panel(self, community: "Community", person: "Person", actor: Actor) -> Markup:
        """Return what the plugins show about a person."""
        return answers.join(
            self.each("profile_panel", community, answers.markup, person=person, actor=actor)
        )

    def page_head(self, community: "Community") -> Markup:
        """Return what the plugins add to the head of a page."""
        return answers.join(self.each("page_head", community, answers.markup))

    def actions(self, community: "Community", actor: Actor, subject: object) -> list[Link]:
        """Return what else the plugins let the actor do with a thing."""
        links = answers.links(actor, community.path)
        found = self.each("actions", community, links, actor=actor, subject=subject)
        return [link for _, mine in found for link in mine]

    def dashboard(
        self, communities: "Sequence[Community]", actor: Actor, *, desk: bool, limit: int
    ) -> list[Due]:
        """Return what waits for the actor in the plugins, of each plugin at most `limit`."""
        found: list[Due] = []
        for item in self.answers("dashboard"):
            here = [each for each in communities if item.plugin in activations.presenting(each)]
            if not here:
                continue
            values = {"communities": here, "actor": actor, "desk": desk, "limit": limit}
            # Slow with many communities, it is paused in the first.
            try:
                found += (
                    self.attempt(item, "dashboard", here[0].id, values, answers.due(limit)) or []
                )
            except HookFailed:
                continue
        return found

    def visible(self, actor: Actor, model: type[Any]) -> ColumnElement[bool] | None:
        """Return the condition by which the plugins narrow what an actor sees, or None.

        A plugin that fails hides all rows of the communities it is on in; `hidden_by` says so.
        """
        asked = self.answers("visible")
        if not asked:
            return None
        values = {"actor": actor, "model": model}
        found = []
        take = answers.condition(model, self.tried)
        for plugin, result in self.ask("visible", asked, None, values, take):
            failed = isinstance(result, HookFailed)
            if failed:
                g.setdefault("hidden_by", set()).add(plugin)
            condition = false() if failed else result
            found.append(or_(not_(activations.governs(plugin, model)), condition))
        return and_(*found) if found else None

    def hidden_by(self, community: "Community | None") -> list[str]:
        """Return the plugins that failed in `visible` while this page was made."""
        names = g.get("hidden_by", set())
        return sorted(names if community is None else names & activations.on(community))

    def veto(self, actor: Actor, act: str, subject: Any) -> None:  # noqa: ANN401 - a row
        """Let the plugins say the last word against an act.

        :raises Refused: `vetoed` with the first reason, `veto_failed` where a plugin fails.
        """
        found = self.answers("veto")
        names = activations.on_at(subject.community_id) if found else frozenset()
        values = {"actor": actor, "act": act, "subject": subject}
        for item in found:
            if item.plugin not in names:
                continue
            try:
                reason = self.attempt(item, "veto", subject.community_id, values, str)
            except HookFailed as failed:
                raise answers.unsure(actor, failed.plugin) from failed
            if reason is not None:
                raise Refused("vetoed", reason, HTTPStatus.FORBIDDEN)

    def check_ballot(self, community: "Community", ballot: object) -> None:
        """Let the plugins say what a ballot still lacks before its rules are fixed.

        :raises Refused: `check` with what the first of them says, `check_failed` where one fails.
        """
        found = self.answers("check_ballot")
        names = activations.on(community) if found else frozenset()
        values = {"community": community, "ballot": ballot}
        for item in found:
            if item.plugin not in names:
                continue
            try:
                said = self.attempt(item, "check_ballot", community.id, values, answers.sentences)
            except HookFailed as failed:
                raise answers.unchecked(failed.plugin) from failed
            if said:
                raise answers.lacking(item.plugin, said)

    def check_stage(self, community: "Community", move: StageMove) -> list[tuple[str, Objection]]:
        """Return what the plugins have against a move of a case, each with who says it."""
        return self.each("check_stage", community, answers.objection, move=move)

    def render_text(self, community_id: int, words: str, markup: str = "markdown") -> Markup:
        """Return a text as HTML: by the first plugin that does it, else by the core."""
        found = self.answers("render_text")
        names = activations.on_at(community_id) if found else frozenset()
        values = {"community_id": community_id, "text": words, "markup": markup}
        for item in found:
            if item.plugin in names:
                try:
                    html = self.attempt(item, "render_text", community_id, values, answers.markup)
                except HookFailed:
                    continue
                if html is not None:
                    return text.clean(html)
        return text.render(words)

    def deliver(self, delivery: "Delivery", recipient: "Recipient") -> bool:
        """Tell whether a plugin carries a message to somebody."""
        found = self.answers("deliver")
        if not found or delivery.community_id is None:
            return False
        names = activations.on_at(delivery.community_id)
        values = {"delivery": delivery, "recipient": recipient}
        for item in found:
            if item.plugin in names:
                try:
                    if self.attempt(item, "deliver", delivery.community_id, values):
                        return True
                except HookFailed:
                    continue
        return False

    def export_member(self, name: str, person_id: int) -> list[Table]:
        """Return what one plugin stores about a person, or a table that says it is missing."""
        tables: list[Table] = []
        for item in self._of("export_member", name):
            values = {"person_id": person_id}
            try:
                tables += self.attempt(item, "export_member", None, values, answers.tables) or []
            except HookFailed:
                tables.append(answers.missing(name))
        return tables

    def forget_member(self, name: str, person_id: int) -> None:
        """Let one plugin erase what it stores about a person, in the acting transaction.

        :raises Refused: `forget_failed` where it fails; the caller rolls all of it back.
        """
        for item in self._of("forget_member", name):
            try:
                item.function(*[person_id for _ in item.arguments])
            except Exception as error:
                log.exception("plugin %s failed in forget_member", name)
                self.watch.failed((name, "forget_member", None), error)
                raise answers.kept_whole(name) from error
