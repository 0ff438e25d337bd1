"""Call hooks: each plugin's answer on its own, timed, and named where it fails."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pluggy

from civic.kernel import activations
from civic.kernel.faults import Watch
from civic.kernel.hookspecs import PRESENTATION
from civic.kernel.isolation import isolated

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
    ) -> Iterator[tuple[str, Any]]:
        """Call a hook in each plugin that is on here, skipping those that fail or are paused.

        :param finish: makes what the page needs of an answer; where it fails, the plugin failed.
        :returns: names of the plugins that answered, and what.
        """
        found = self.answers(hook)
        if not found:
            return
        shows = hook in PRESENTATION
        names = activations.presenting(community) if shows else activations.on(community)
        values["community"] = community
        for item in found:
            if item.plugin in names:
                try:
                    result = self.attempt(item, hook, community.id, values, finish)
                except HookFailed:
                    continue
                if result is not None:
                    yield item.plugin, result

    def attempt(
        self,
        item: Implementation,
        hook: str,
        community_id: int | None,
        values: Mapping[str, object],
        finish: Callable[[Any], Any] | None = None,
    ) -> Any:  # noqa: ANN401 - of the type of the hook
        """Return one plugin's answer; what it did is undone where it fails.

        :raises HookFailed: where it raises, whatever it raises; it is logged and remembered.
        """
        where = item.plugin, hook, community_id
        began = perf_counter()
        try:
            return isolated(_answer, item, values, finish)
        except Exception as error:
            log.exception("plugin %s failed in %s", item.plugin, hook)
            self.watch.failed(where, error)
            raise HookFailed(item.plugin) from error
        finally:
            seconds = perf_counter() - began
            slow = seconds > self.slow
            if slow:
                log.warning("plugin %s took %.2f s in %s", item.plugin, seconds, hook)
            if slow or where in self.watch.slow:
                self.watch.took(where, slow=slow, pauses=hook in PRESENTATION)


def _answer(
    item: Implementation, values: Mapping[str, object], finish: Callable[[Any], Any] | None
) -> Any:  # noqa: ANN401 - of the type of the hook
    result = item.function(*[values[name] for name in item.arguments])
    return result if finish is None or result is None else finish(result)
