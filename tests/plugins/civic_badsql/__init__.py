"""A plugin whose hooks, where a test names them, send SQL that no database takes."""

from sqlalchemy import text

from civic.api import Plugin, db, hookimpl

plugin = Plugin("badsql", __name__, title="Badsql", api=">=1.0,<2")

#: Names of the hooks that fail now.
failing: set[str] = set()


def stumble(hook: str) -> None:
    """Ask for what is not there, if it is this hook's turn."""
    if hook in failing:
        db.session.execute(text("SELECT nothing FROM nowhere"))


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
