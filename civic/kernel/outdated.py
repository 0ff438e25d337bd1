"""How something of the contract with plugins goes: it warns first, and says in which version.

For a hook: `@hookspec(warn_on_impl_args=renamed("user", "actor", goes="2.0"))`, or with
`warn_on_impl=Outdated(…)` the hook itself. What was gathered stands on the plugin page.
"""


class Outdated(DeprecationWarning):
    """Warn that something of the contract will go, and in which version."""


def renamed(old: str, new: str, *, goes: str) -> dict[str, Outdated]:
    """Return the warning for an argument of a hook with a new name.

    The old one stays in the signature of the hook, after the others, and is called with the same
    value until the version in which it goes.
    """
    return {old: Outdated(f"the argument {old} is now {new}; {old} goes in civic.api {goes}")}
