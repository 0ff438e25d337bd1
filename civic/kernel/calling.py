"""Call hooks: each plugin's answer on its own, timed, and named where it fails."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pluggy

from civic.kernel import activations
from civic.kernel.faults import Watch, Where
from civic.kernel.hookspecs import PAUSED
from civic.kernel.isolation import Isolation

if TYPE_CHECKING:
    from civic.communities.models import Community

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Implementation:
    """Be what one plugin answers to one hook.

    :ivar arguments: names of what it takes of the hook's.
    """

    plugin: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]


class HookFailed(Exception):  # noqa: N818 - logged and remembered where it is raised
    """Say that a plugin failed in a hook."""

    def __init__(self, plugin: str) -> None:
        """Keep which plugin."""
        super().__init__(plugin)
        self.plugin = plugin


class Calls:
    """Call the hooks of one app's plugins.

    :ivar slow: seconds after which a call counts as slow.
    :ivar tried: conditions that the database has taken once.
    """

    def __init__(self, watch: Watch, slow: float) -> None:
        """Start without plugins."""
        self.manager = pluggy.PluginManager("civic")
        self.watch = watch
        self.slow = slow
        self.tried: set[str] = set()
        self._known: dict[str, tuple[Implementation, ...]] = {}

    def answers(self, hook: str) -> tuple[Implementation, ...]:
        """Return what answers a hook, in the order of the plugins' names."""
        if hook not in self._known:
            found = getattr(self.manager.hook, hook).get_hookimpls()
            self._known[hook] = tuple(
                Implementation(item.plugin_name, item.function, tuple(item.argnames))
                for item in sorted(found, key=lambda item: item.plugin_name)
            )
        return self._known[hook]

    def each(
        self,
        hook: str,
        community: "Community",
        finish: Callable[[Any], Any] | None = None,
        **values: object,
    ) -> list[tuple[str, Any]]:
        """Call a hook in each plugin that is on here, skipping those that fail or are paused.

        :param finish: makes what the page needs of an answer; where it fails, the plugin failed.
        :returns: names of the plugins that answered, and what.
        """
        found = self.answers(hook)
        if not found:
            return []
        pauses = hook in PAUSED
        names = activations.presenting(community) if pauses else activations.on(community)
        values["community"] = community
        here = [item for item in found if item.plugin in names]
        told = self.ask(hook, here, community.id, values, finish)
        return [pair for pair in told if not isinstance(pair[1], HookFailed)]

    def ask(
        self,
        hook: str,
        items: Sequence[Implementation],
        community_id: int | None,
        values: Mapping[str, object],
        finish: Callable[[Any], Any] | None = None,
    ) -> list[tuple[str, Any]]:
        """Return the plugins' answers, or `HookFailed` of those that raise, whatever they raise.

        What one did is undone where it fails. Who answers with nothing is left out.
        """
        told: list[tuple[str, Any]] = []
        if not items:
            return told
        with Isolation() as isolation:
            began = perf_counter()
            for item in items:
                where = item.plugin, hook, community_id
                try:
                    result = isolation.call(_answer, item, values, finish)
                except Exception as error:
                    log.exception("plugin %s failed in %s", item.plugin, hook)
                    self.watch.failed(where, error)
                    result = HookFailed(item.plugin)
                if result is not None:
                    told.append((item.plugin, result))
                ended = perf_counter()
                if ended - began > self.slow or where in self.watch.slow:
                    self._timed(where, ended - began)
                began = ended
        return told

    def attempt(
        self,
        item: Implementation,
        hook: str,
        community_id: int | None,
        values: Mapping[str, object],
        finish: Callable[[Any], Any] | None = None,
    ) -> Any:  # noqa: ANN401 - of the type of the hook
        """Return one plugin's answer.

        :raises HookFailed: where it raises, whatever it raises.
        """
        for _name, result in self.ask(hook, [item], community_id, values, finish):
            if isinstance(result, HookFailed):
                raise result
            return result
        return None

    def _timed(self, where: Where, seconds: float) -> None:
        plugin, hook, _community_id = where
        slow = seconds > self.slow
        if slow:
            log.warning("plugin %s took %.2f s in %s", plugin, seconds, hook)
        self.watch.took(where, slow=slow, pauses=hook in PAUSED)


def _answer(
    item: Implementation, values: Mapping[str, object], finish: Callable[[Any], Any] | None
) -> Any:  # noqa: ANN401 - of the type of the hook
    result = item.function(*[values[name] for name in item.arguments])
    return result if finish is None or result is None else finish(result)
