"""Permissions: one rule answers both "may X" and "list what X may see"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeAlias, TypeVar

from flask import current_app, g
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, and_, true

from civic.kernel.errors import Refused

#: Ids of the nodes from the root of the tree to a node, itself included.
Path: TypeAlias = tuple[int, ...]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Held:
    """Hold one standing or post: its code, the groups it counts for, and where.

    :ivar level: identity level 0 to 4 of a standing (domain.md §1); 0 for posts.
    :ivar title: name of a post's office as people read it.
    :ivar until: when it ends, where that is known.
    """

    code: str
    path: Path
    groups: frozenset[str] = frozenset()
    level: int = 0
    title: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Actor:
    """Be whoever acts: a frozen value of standings and posts. Without a person it is a visitor.

    A standing counts where it is held and above (a resident of building 6 is one of the
    community and of the street); a post counts where it is held and below.

    :ivar waiting: posts held whose powers wait for the second factor of this session.
    :ivar carried: what upper rooms had fetched together with it, by name; no right rests on it.
    """

    person_id: int | None = None
    name: str = ""
    adult: bool = False
    standings: tuple[Held, ...] = ()
    posts: tuple[Held, ...] = ()
    waiting: tuple[Held, ...] = ()
    carried: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    _groups: dict[Path, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def groups(self, path: Path) -> frozenset[str]:
        """Return the groups, standing codes and post codes that count at a node."""
        if path not in self._groups:
            found = {"anyone"}
            for standing in self.standings:
                if standing.path[: len(path)] == path:
                    found |= standing.groups | {standing.code}
            for post in self.posts_at(path):
                found |= post.groups | {post.code}
            self._groups[path] = frozenset(found)
        return self._groups[path]

    def posts_at(self, path: Path) -> list[Held]:
        """Return the posts that count at a node, the nearest first."""
        found = [post for post in self.posts if path[: len(post.path)] == post.path]
        return sorted(found, key=lambda post: -len(post.path))

    def office_at(self, path: Path) -> str:
        """Return the title of the nearest post that counts at a node, in whose name one acts."""
        return next((post.title for post in self.posts_at(path)), "")


VISITOR = Actor()


@dataclass(frozen=True)
class Permission:
    """Declare something that can be permitted.

    :ivar code: `owner.act`; in a plugin the part after its own name.
    :ivar default: groups, standing codes or post codes that have it unless a community says else.
    """

    code: str
    title: LazyString | str
    default: tuple[str, ...] | str

    @property
    def groups(self) -> frozenset[str]:
        """Return the groups that have it by default."""
        return frozenset((self.default,) if isinstance(self.default, str) else self.default)


Rule: TypeAlias = Callable[[Actor], ColumnElement[bool]]
Narrowing: TypeAlias = Callable[[Actor, type[Any]], ColumnElement[bool] | None]
Veto: TypeAlias = Callable[[Actor, str, Any], None]


class Permissions:
    """Know the permissions and visibility rules of one app."""

    def __init__(self) -> None:
        """Start empty; domains and plugins declare theirs."""
        self.known: dict[str, Permission] = {}
        self.rules: dict[type, Rule] = {}
        self.narrows: Narrowing = lambda _actor, _model: None
        self.vetoes: Veto = lambda _actor, _act, _subject: None

    def ask(self, narrows: "Narrowing", vetoes: "Veto") -> None:
        """Let plugins narrow what is seen, and have the last word on what is done."""
        self.narrows, self.vetoes = narrows, vetoes

    def declare(self, *permissions: Permission) -> None:
        """Add permissions; the same code twice is a programming error."""
        for permission in permissions:
            if permission.code in self.known:
                message = f"permission {permission.code} is declared twice"
                raise ValueError(message)
            self.known[permission.code] = permission


def registry() -> Permissions:
    """Return the current app's permissions."""
    found: Permissions = current_app.extensions["civic_permissions"]
    return found


def allowed(actor: Actor, code: str, path: Path) -> bool:
    """Tell whether the actor has a permission at a node."""
    return not actor.groups(path).isdisjoint(registry().known[code].groups)


def scopes(actor: Actor, code: str) -> list[Path]:
    """Return the paths of the nodes at and below which the actor's posts give a permission."""
    groups = registry().known[code].groups
    return [post.path for post in actor.posts if not groups.isdisjoint(post.groups | {post.code})]


def veto(actor: Actor, act: str, subject: Any) -> None:  # noqa: ANN401 - a row of any table
    """Let the plugins say the last word, after all rules of the core have allowed an act.

    :param act: code of a permission, or of an act that rests on something else.
    :raises Refused: `vetoed` or `veto_failed`.
    """
    registry().vetoes(actor, act, subject)


def check(actor: Actor, code: str, path: Path) -> None:
    """Refuse unless the actor has the permission at a node.

    :raises Refused: with the permission's name; 401 to a visitor, who may sign in, else 403. Where
        a post would allow it whose powers wait, `second_factor` says so.
    """
    if allowed(actor, code, path):
        return
    title = registry().known[code].title
    if actor.person_id is None:
        message = _l("Please sign in first: %(act)s is for people who are known here.")
        raise Refused("sign_in", message, HTTPStatus.UNAUTHORIZED, {"act": title})
    post = _waiting(actor, code, path)
    if post is not None:
        raise waits(post)
    message = _l(
        "Your standings and posts do not include “%(act)s” here. "
        "If you think they should, please ask the community office."
    )
    raise Refused("no_permission", message, HTTPStatus.FORBIDDEN, {"act": title})


def waits(post: Held) -> Refused:
    """Return the refusal which says that the powers of a post wait for the second factor."""
    message = _l(
        "As “%(post)s” you may do this, but the powers of the post wait for the second factor. "
        "Open “Security” on your own page: set the dynamic code up there, or enter it."
    )
    return Refused("second_factor", message, HTTPStatus.FORBIDDEN, {"post": post.title})


def _waiting(actor: Actor, code: str, path: Path) -> Held | None:
    """Return the post that would allow it if its powers did not wait; without a path any counts."""
    groups = registry().known[code].groups
    for post in actor.waiting:
        counts = not path or path[: len(post.path)] == post.path
        if counts and not groups.isdisjoint(post.groups | {post.code}):
            return post
    return None


def require(code: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view with a permission at the community of the page."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            check(g.actor, code, g.community.path if g.community else ())
            return view(*args, **kwargs)

        guarded.permission = code  # type: ignore[attr-defined]
        return guarded

    return guard


def public(reason: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say of a view that changes something why nobody needs a permission for it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.public = reason  # type: ignore[attr-defined]
        return view

    return mark


def visible(actor: Actor, model: type[Any]) -> ColumnElement[bool]:
    """Return the condition on rows of a model that the actor may see."""
    rule = registry().rules.get(model)
    seen = rule(actor) if rule else true()
    narrower = registry().narrows(actor, model)
    return seen if narrower is None else and_(seen, narrower)


def narrowed(actor: Actor, model: type[Any]) -> ColumnElement[bool]:
    """Return what plugins add to the condition, for lists with a rule of their own (the desk)."""
    narrower = registry().narrows(actor, model)
    return true() if narrower is None else narrower
