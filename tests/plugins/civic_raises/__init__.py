"""A plugin that raises in those of its hooks that a test names."""

from civic.api import Plugin, hookimpl

plugin = Plugin("raises", __name__, title="Raises", api=">=1.0,<2")

#: Names of the hooks that raise now.
failing: set[str] = set()


def stumble(hook: str) -> None:
    """Raise, if it is this hook's turn."""
    if hook in failing:
        message = f"{hook} fails"
        raise RuntimeError(message)


@hookimpl
def configure() -> None:
    """Stumble."""
    stumble("configure")


@hookimpl
def plugin_enabled() -> None:
    """Stumble."""
    stumble("plugin_enabled")


@hookimpl
def plugin_disabled() -> None:
    """Stumble."""
    stumble("plugin_disabled")


@hookimpl
def home_panel() -> None:
    """Stumble."""
    stumble("home_panel")


@hookimpl
def profile_panel() -> None:
    """Stumble."""
    stumble("profile_panel")


@hookimpl
def page_head() -> None:
    """Stumble."""
    stumble("page_head")


@hookimpl
def actions() -> None:
    """Stumble."""
    stumble("actions")


@hookimpl
def dashboard() -> None:
    """Stumble."""
    stumble("dashboard")


@hookimpl
def visible() -> None:
    """Stumble."""
    stumble("visible")


@hookimpl
def veto() -> None:
    """Stumble."""
    stumble("veto")


@hookimpl
def check_ballot() -> None:
    """Stumble."""
    stumble("check_ballot")


@hookimpl
def check_stage() -> None:
    """Stumble."""
    stumble("check_stage")


@hookimpl
def render_text() -> None:
    """Stumble."""
    stumble("render_text")


@hookimpl
def deliver() -> None:
    """Stumble."""
    stumble("deliver")


@hookimpl
def export_member() -> None:
    """Stumble."""
    stumble("export_member")


@hookimpl
def forget_member() -> None:
    """Stumble."""
    stumble("forget_member")
