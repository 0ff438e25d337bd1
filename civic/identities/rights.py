"""What somebody may do at a place and why: computed from what they hold, and nothing else (pure).

A permission is given by groups, kinds of standing and kinds of post. A standing counts where it is
held and above, a post where it is held and below; nothing counts everywhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from civic.kernel.permissions import Actor, Held, Path, Permission

ANYONE = "anyone"


@dataclass(frozen=True)
class Right:
    """Say of one permission whether somebody has it, and what it rests on or waits for.

    :ivar because: the standings and posts that give it here; none where everybody has it.
    :ivar waiting: posts that would give it once their holder has shown a second factor.
    :ivar needs: groups, standings or posts of which one would give it.
    """

    permission: Permission
    may: bool
    because: tuple[Held, ...] = ()
    waiting: tuple[Held, ...] = ()
    needs: tuple[str, ...] = ()


def rights(
    actor: Actor, permissions: Iterable[Permission], path: Path, waiting: Collection[Held] = ()
) -> list[Right]:
    """Return for each permission what an actor may do at a place, in the order given.

    :param waiting: posts whose powers wait for a second factor.
    """
    return [_right(actor, permission, path, waiting) for permission in permissions]


def _right(actor: Actor, permission: Permission, path: Path, waiting: Collection[Held]) -> Right:
    because = tuple(
        [held for held in actor.standings if _up(held, path) and _gives(held, permission)]
        + [held for held in actor.posts if _down(held, path) and _gives(held, permission)]
    )
    held_back = tuple(held for held in waiting if _down(held, path) and _gives(held, permission))
    may = bool(because) or ANYONE in permission.groups
    needs = () if may else tuple(sorted(permission.groups))
    return Right(permission, may, because, held_back, needs)


def _gives(held: Held, permission: Permission) -> bool:
    return not permission.groups.isdisjoint(held.groups | {held.code})


def _up(standing: Held, path: Path) -> bool:
    return standing.path[: len(path)] == path


def _down(post: Held, path: Path) -> bool:
    return path[: len(post.path)] == post.path
