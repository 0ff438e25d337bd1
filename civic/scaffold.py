"""Write a new plugin: a distribution of its own that works, with a test of all that it does."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from civic.kernel.errors import Misconfigured
from civic.kernel.fitting import NAME

#: What stands for the name of the plugin in the files that a new one is written from.
MARK = "@NAME@"
TITLE = "@TITLE@"
SOURCE = Path(__file__).parent / "data" / "scaffold"
#: What is written, and from what.
FILES = {
    "README.md": "README.md",
    "pyproject.toml": "pyproject.toml",
    "setup.cfg": "setup.cfg",
    f"civic_{MARK}/__init__.py": "package.py",
    f"civic_{MARK}/py.typed": "",
    f"civic_{MARK}/migrations/0001_first.py": "migration.py",
    f"civic_{MARK}/templates/{MARK}/index.html": "index.html",
    f"civic_{MARK}/translations/zh_Hans_CN/LC_MESSAGES/{MARK}.po": "texts.po",
    f"tests/test_{MARK}.py": "test.py",
}


def check(name: str, folder: Path, taken: Collection[str]) -> None:
    """Refuse a name that no plugin can have, and a folder that holds something.

    :raises Misconfigured: with one sentence that says what to choose instead.
    """
    if not re.fullmatch(NAME, name):
        message = (
            f"{name!r} cannot be the name of a plugin: use lower-case letters and digits, a letter "
            "first, and neither hyphen nor underscore, as in `benches`."
        )
        raise Misconfigured(message)
    if name in taken:
        message = f"The core uses the name {name} itself. Choose another, as in `{name}s`."
        raise Misconfigured(message)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder} is there already. Name another place with --folder."
        raise Misconfigured(message)


def write(name: str, folder: Path, taken: Collection[str] = ()) -> Iterator[Path]:
    """Write the files of a new plugin, and yield each.

    :param taken: names that the core uses itself.
    :raises Misconfigured: where the name or the folder does not do.
    """
    check(name, folder, taken)
    for target, source in FILES.items():
        path = folder / target.replace(MARK, name)
        text = (SOURCE / f"{source}.tmpl").read_text("utf-8") if source else ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(MARK, name).replace(TITLE, name.capitalize()), "utf-8")
        except OSError as error:
            message = f"{path} cannot be written ({error.strerror}): name another --folder."
            raise Misconfigured(message) from error
        yield path
