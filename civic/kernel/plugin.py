"""What a plugin is: a blueprint with what it declares.

Isolation in Civic is of faults, not of malice: a plugin is ordinary Python in the process of the
site, and whoever installs one trusts it as they trust the site itself.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flask import Blueprint, abort, current_app, g
from flask_babel.speaklater import LazyString
from sqlalchemy import Select
from wtforms import Form

from civic.kernel import audit, events, plugin_settings, tell
from civic.kernel.declared import owned
from civic.kernel.messages import careful
from civic.kernel.own_data import PersonalData
from civic.kernel.permissions import VISITOR, Actor, Permission, allowed

if TYPE_CHECKING:
    from civic.communities.kinds import PlaceKind
    from civic.communities.models import Community
    from civic.identities.kinds import StandingKind
    from civic.kernel.exchange import Exporter, Importer
    from civic.kernel.stage import Stage
    from civic.notices.plugged import AudienceTerm

Words: TypeAlias = LazyString | str
JobFunction = TypeVar("JobFunction", bound=Callable[..., object])


@dataclass(frozen=True)
class NavItem:
    """Lead to a page: title, endpoint, and who sees the way there.

    :ivar order: place among the ways of all plugins, the lowest first.
    :ivar permission: code in full, as `hello.greet`; empty where everybody sees it.
    :ivar icon: name of an icon of the site.
    :ivar values: for the address, besides the community.
    """

    title: Words
    endpoint: str
    order: int = 100
    permission: str = ""
    icon: str = "arrow-right"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PluginJob:
    """Declare what a plugin does by itself at intervals in each community it is on in.

    :ivar name: of the function; unique in the plugin.
    :ivar function: takes `community`, in an app context; it may commit in parts.
    :ivar at: time of day of a job that runs once a day.
    """

    name: str
    function: Callable[..., object]
    every: timedelta
    at: time | None = None


class Plugin(Blueprint):
    """Declare a plugin: a blueprint that lives under each community it is switched on in.

    All that is static is set here, once: the same object serves every application of a process.

    :param name: lower-case letters and digits; equals the entry point and, after `civic_`, the
        package; prefix of its tables, addresses, templates and permissions.
    :param title: what it is called on pages.
    :param api: versions of `civic.api` it works with, as a PEP 440 specifier.
    :param settings: form of its settings in a community; its defaults count until somebody saves.
    :param permissions: what can be permitted in it; codes without the plugin's name.
    :param nav: ways to its pages in the main navigation.
    :param standings: kinds of standing that people can hold through it.
    :param places: kinds of place that can be added to the tree.
    :param audience: whom notices can be for besides.
    :param personal_data: what it stores about people, each with purpose, basis and retention.
    :param importers: tables that it takes in.
    :param exporters: tables that it gives out.
    :param messages: kinds of message that it tells people by `tell`.
    :param demonstrate: fills a community of the demonstration (`civic demo`), in which the plugin
        is switched on then, with something to look at; it takes the community and a `Stage`, acts
        through its own services, and does nothing where the community is not its scene.
    """

    def __init__(  # noqa: PLR0913 - each is a declaration by its name
        self,
        name: str,
        import_name: str,
        *,
        title: Words,
        api: str,
        settings: type[Form] | None = None,
        permissions: Sequence[Permission] = (),
        nav: Sequence[NavItem] = (),
        standings: "Sequence[StandingKind]" = (),
        places: "Sequence[PlaceKind]" = (),
        audience: "Sequence[AudienceTerm]" = (),
        personal_data: Sequence[PersonalData] = (),
        importers: "Sequence[Importer]" = (),
        exporters: "Sequence[Exporter]" = (),
        messages: Sequence[tell.Kind] = (),
        demonstrate: "Callable[[Community, Stage], None] | None" = None,
    ) -> None:
        """Set everything that is static; Flask forbids set-up after registration."""
        super().__init__(name, import_name, template_folder="templates")
        self.title = title
        self.api = api
        self.settings = settings
        self.permissions = [replace(item, code=f"{name}.{item.code}") for item in permissions]
        self.nav = list(nav)
        self.standings = owned(name, standings)
        self.places = owned(name, places)
        self.audience = owned(name, audience)
        self.personal_data = tuple(personal_data)
        self.importers = owned(name, importers)
        self.exporters = owned(name, exporters)
        self.messages = tuple(careful(name, kind) for kind in owned(name, messages))
        self.demonstrate = demonstrate
        self.listeners: list[tuple[type[events.Event], Callable[[Any], None]]] = []
        self.jobs: list[PluginJob] = []
        self.before_request(self._switched_on)

    def on(self, kind: type[events.Event]) -> Callable[[events.Subscriber], events.Subscriber]:
        """Let a function hear of a kind of event in communities where the plugin is on."""

        def listen(function: events.Subscriber) -> events.Subscriber:
            self.listeners.append((kind, function))
            return function

        return listen

    def job(
        self, *, every: timedelta, at: time | None = None
    ) -> Callable[[JobFunction], JobFunction]:
        """Let a function, which takes `community`, run at intervals where the plugin is on.

        :param at: time of day of a job that runs once a day; `every` is a day then.
        """

        def declare(function: JobFunction) -> JobFunction:
            self.jobs.append(PluginJob(function.__name__, function, every, at))
            return function

        return declare

    def setting(self, community: "Community", key: str) -> Any:  # noqa: ANN401 - of the field's type
        """Return a setting of a community: what was saved there, else the form's default.

        :raises KeyError: for a key that the form does not have.
        """
        return plugin_settings.values(self, community)[key]

    def may(self, code: str) -> bool:
        """Tell whether whoever looks at this page has a permission of this plugin in its community.

        :param code: of the permission, as it was declared, without the name of the plugin.
        :raises KeyError: for a permission that was not declared.
        """
        return g.community is not None and allowed(g.actor, f"{self.name}.{code}", g.community.path)

    def audit(
        self,
        act: str,
        *,
        community: "Community",
        subject: str,
        actor: Actor = VISITOR,
        data: dict[str, Any] | None = None,
    ) -> audit.AuditEntry:
        """Add an official act of this plugin to the audit, in the acting transaction.

        :param act: what was done, as `reported`; it is kept as `NAME.reported`.
        :param subject: kind and id of the thing acted on, as `defect:7`.
        :param actor: who did it; without one it was the plugin itself.
        :param data: JSON values; never names, telephone numbers, choices or texts of residents.
        """
        return audit.append(
            f"{self.name}.{act}",
            person_id=actor.person_id,
            actor="" if actor.person_id is not None else self.name,
            post=actor.office_at(community.path),
            subject=subject,
            community_id=community.id,
            data=data,
        )

    def tell(
        self,
        code: str,
        *,
        community: "Community",
        subject: str,
        people: Collection[int] | Select[Any],
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Write a message to people into the acting transaction; it is in their inbox, and mailed.

        :param code: of a kind that the plugin declares in `messages`.
        :param subject: kind and id of the thing it is about, as `lease:7`.
        :param people: ids of people, or a statement that selects them; the closed are left out.
        :param values: JSON values for its sentence and address; the slug of the community is
            among them as `community`.
        """
        tell.tell(
            tell.News(
                kind=f"{self.name}.{code}",
                subject=f"{self.name}.{subject}",
                people=people,
                community_id=community.id,
                values={**values, "community": community.slug},
            )
        )

    def _switched_on(self) -> None:
        loaded = current_app.extensions["civic_plugins"].loaded  # it may have been held back since
        here = g.community is not None and self.name in g.community.plugins
        if not here or self.name not in loaded:
            abort(404)

    @property
    def folder(self) -> Path:
        """Return the folder of the plugin's package."""
        return Path(self.root_path)
