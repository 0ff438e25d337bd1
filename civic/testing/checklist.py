"""The checklist for plugins, in the order in which its points are looked at."""

from collections.abc import Sequence

from civic.testing import declared, pages, source, tables, texts
from civic.testing.points import Check

CHECKS: Sequence[Check] = (
    Check(
        "imports",
        "It imports nothing of Civic but `civic.api` and, in its tests, `civic.testing`.",
        "Everything else may change in any release without a word.",
        source.imports,
    ),
    Check(
        "range",
        "Its range of `civic.api` can be read and admits the version that is here.",
        "A range that is too wide breaks in the middle of a page instead of at loading.",
        source.api_range,
    ),
    Check(
        "files",
        "Its templates lie in `templates/NAME/`, and the static files it names are its own.",
        "Flask takes the first template of a path; a second one would be shown, or hidden.",
        source.files,
    ),
    Check(
        "catalogues",
        "Its catalogues compile, and the Chinese one translates every text.",
        "Most people read Chinese; an English sentence in the middle says nothing to them.",
        texts.catalogues,
    ),
    Check(
        "permissions",
        "Its permission codes are small letters and underscores, and each that it asks for is "
        "declared.",
        "A code that nobody declared fails when somebody acts.",
        declared.permissions,
    ),
    Check(
        "hooks",
        "Every hook it implements is one of ours, with arguments that we pass.",
        "A hook of another name is never called.",
        declared.hooks,
    ),
    Check(
        "loads",
        "It loads: its package imports, and holds `plugin = Plugin(...)` of its own name.",
        "A plugin that does not load is not there, and says so on the page of plugins.",
        declared.loads,
    ),
    Check(
        "down-and-up",
        "Its migrations go up, down and up again, and leave no table behind when down.",
        "What stays behind stops the next installation, and is nobody's.",
        tables.down_and_up,
    ),
    Check(
        "models",
        "Its migrations build exactly its models, and all its tables bear its name.",
        "A column that only the model knows fails on the first real site.",
        tables.agree,
    ),
    Check(
        "personal-data",
        "Where a table refers to a person, what is kept is declared, given out "
        "(`export_member`) and forgotten (`forget_member`).",
        "People have a right to all three, whichever package their data lie in.",
        tables.personal,
    ),
    Check(
        "guards",
        "Every view that is asked by POST, PUT, PATCH or DELETE names its permission by "
        "`@require`, or says by `@public` that it needs none.",
        "A view that only its link protects is open to whoever guesses its address.",
        declared.guards,
    ),
    Check(
        "nav",
        "Every way in its navigation leads to a page of its own.",
        "A way that leads nowhere breaks every page of the community.",
        declared.nav,
    ),
    Check(
        "settings",
        "Every field of its settings has a default that its own form accepts, or may be left "
        "empty.",
        "A plugin is switched on before anybody has seen its settings.",
        declared.settings,
    ),
    Check(
        "off",
        "Where it is off there is nothing of it: no page, no way, no panel.",
        "A community that has switched it off has decided so.",
        pages.off,
    ),
    Check(
        "on",
        "Where it is on, no page that is opened without a number in its address fails, for a "
        "visitor, a resident and staff.",
        "The first look is the one that is remembered.",
        pages.on,
    ),
    Check(
        "two-apps",
        "Two applications in one process both carry it.",
        "Tests make many, and a server may; what is set up while registering works only once.",
        pages.two_apps,
    ),
)
