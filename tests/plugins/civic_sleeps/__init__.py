"""A plugin whose hooks, where a test names them, take their time."""

from time import sleep

from civic.api import Plugin, hookimpl

plugin = Plugin("sleeps", __name__, title="Sleeps", api=">=1.0,<2")

#: Names of the hooks that are slow now, and how slow.
failing: set[str] = set()
seconds = 0.05


def linger(hook: str) -> None:
    """Sleep, if it is this hook's turn."""
    if hook in failing:
        sleep(seconds)


@hookimpl
def configure() -> None:
    """Stumble."""
    linger("configure")


@hookimpl
def plugin_enabled() -> None:
    """Stumble."""
    linger("plugin_enabled")


@hookimpl
def plugin_disabled() -> None:
    """Stumble."""
    linger("plugin_disabled")


@hookimpl
def home_panel() -> None:
    """Stumble."""
    linger("home_panel")


@hookimpl
def profile_panel() -> None:
    """Stumble."""
    linger("profile_panel")


@hookimpl
def page_head() -> None:
    """Stumble."""
    linger("page_head")


@hookimpl
def actions() -> None:
    """Stumble."""
    linger("actions")


@hookimpl
def dashboard() -> None:
    """Stumble."""
    linger("dashboard")


@hookimpl
def visible() -> None:
    """Stumble."""
    linger("visible")


@hookimpl
def veto() -> None:
    """Stumble."""
    linger("veto")


@hookimpl
def check_ballot() -> None:
    """Stumble."""
    linger("check_ballot")


@hookimpl
def check_stage() -> None:
    """Stumble."""
    linger("check_stage")


@hookimpl
def render_text() -> None:
    """Stumble."""
    linger("render_text")


@hookimpl
def deliver() -> None:
    """Stumble."""
    linger("deliver")


@hookimpl
def export_member() -> None:
    """Stumble."""
    linger("export_member")


@hookimpl
def forget_member() -> None:
    """Stumble."""
    linger("forget_member")
