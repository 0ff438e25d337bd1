"""Write what authors of plugins look up: the hooks, what `civic.api` holds, and the checklist.

    python -m tools.hooks           write docs/plugins/hooks.md, api.md and checklist.md
    python -m tools.hooks check     say which of them is not as the code has it

Everything there stands in the code: in `civic/kernel/hookspecs.py`, in the docstrings of what
`civic.api` names, and in the points of `pytest --civic-conformance`.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "plugins"
#: Where plugins lie that show how a hook is used; what comes first is linked.
SAMPLES = ("examples", "plugins", "tests/plugins")
#: Modules that hold the hooks.
SPECS = ("civic/kernel/hookspecs.py", "civic/kernel/checkspecs.py")
#: What fits into the width of a page.
LONGEST = 88
WRITTEN = "<!-- Written by `python -m tools.hooks`; change the code and write it anew. -->"
_PARAM = re.compile(r"^:(param (\w+)|returns|raises ([\w.]+)):\s*", re.MULTILINE)


def specs() -> list[ast.FunctionDef]:
    """Return the hooks in the order of their modules."""
    return [
        node
        for module in SPECS
        for node in ast.parse((ROOT / module).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any("hookspec" in ast.unparse(mark) for mark in node.decorator_list)
    ]


def users(hook: str) -> Iterator[Path]:
    """Yield the files of bundled and sample plugins that implement a hook."""
    for folder in SAMPLES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if any(node.name == hook for node in _implementations(path)):
                yield path


def _implementations(path: Path) -> Iterator[ast.FunctionDef]:
    text = path.read_text("utf-8")
    if "hookimpl" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any(
            "hookimpl" in ast.unparse(mark) for mark in node.decorator_list
        ):
            yield node


def _doc(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a docstring into its words and its fields."""
    fields = list(_PARAM.finditer(text))
    words = text[: fields[0].start()] if fields else text
    ends = [field.start() for field in fields[1:]] + [len(text)]
    return words.strip(), [
        (field[2] or field[3] or field[1], " ".join(text[field.end() : end].split()))
        for field, end in zip(fields, ends, strict=True)
    ]


def _signature(node: ast.FunctionDef) -> str:
    """Return how a hook is written, one argument a line where it is long."""
    arguments = [
        f"{each.arg}: {ast.unparse(each.annotation).strip(chr(39)) if each.annotation else 'Any'}"
        for each in node.args.args
    ]
    returns = ast.unparse(node.returns).strip("'") if node.returns else "None"
    line = f"def {node.name}({', '.join(arguments)}) -> {returns}: ..."
    if len(line) > LONGEST:
        inside = "".join(f"    {each},\n" for each in arguments)
        line = f"def {node.name}(\n{inside}) -> {returns}: ..."
    return f"@hookimpl\n{line}"


def _example(node: ast.FunctionDef) -> str:
    found = next(users(node.name), None)
    if found is None:
        return ""
    place = found.relative_to(ROOT).as_posix()
    return f"In use: [{place}](../../{place})"


def hooks() -> str:
    """Return the page of the hooks."""
    from civic.kernel import hookspecs  # noqa: PLC0415

    about = inspect.getdoc(hookspecs) or ""
    first, _, rest = about.partition("\n\n")
    lines = [WRITTEN, "# Hooks", "", first, "", rest, ""]
    lines += ["```python", "from civic.api import hookimpl", "```", ""]
    found = specs()
    lines += ["| hook | for |", "|---|---|"]
    for node in found:
        summary = (ast.get_docstring(node) or "").partition("\n")[0]
        lines.append(f"| [`{node.name}`](#{node.name}) | {summary} |")
    for node in found:
        words, fields = _doc(ast.get_docstring(node) or "")
        lines += ["", f"## {node.name}", "", "```python", _signature(node), "```", "", words, ""]
        lines += [f"- `{name}`: {text}" for name, text in fields]
        if node.name in hookspecs.PRESENTATION:
            lines += ["", "Only shows something: where it is slow again and again, it is paused."]
        if example := _example(node):
            lines += ["", example]
    return "\n".join(lines) + "\n"


def api() -> str:
    """Return the page of what `civic.api` holds."""
    from civic import api as contract  # noqa: PLC0415

    lines = [WRITTEN, "# `civic.api`", "", inspect.getdoc(contract) or "", ""]
    lines += ["| name | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {_about(contract, name)} |" for name in contract.__all__]
    for name in contract.__all__:
        thing = getattr(contract, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            lines += ["", *_entry(name, thing)]
    return "\n".join(lines) + "\n"


#: What bears no docstring of its own.
_SAID = {
    "VERSION": "The version of this contract, apart from that of the site.",
    "db": "The database: `db.session` in the transaction of the request.",
    "gettext": "Return a text in the language of the page; import it as `_`.",
    "lazy_gettext": "Like `gettext`, for what is said before there is a page; import it as `_l`.",
    "lazy_pgettext": "Like `pgettext`, for what is said before there is a page.",
    "pgettext": "Return a text that means something else elsewhere: `pgettext(context, text)`.",
    "ngettext": "Return a text about a number in the language of the page.",
    "hookimpl": "Mark a function that answers a [hook](hooks.md).",
}


def _about(contract: ModuleType, name: str) -> str:
    words = _SAID.get(name) or inspect.getdoc(getattr(contract, name)) or ""
    return " ".join(words.partition("\n\n")[0].split()).replace("|", "\\|")


def _entry(name: str, thing: Callable[..., object]) -> Sequence[str]:
    if name in _SAID:
        return []
    words = re.sub(r"^:ivar (\w+):", r"- `\1`:", inspect.getdoc(thing) or "", flags=re.MULTILINE)
    words = re.sub(r"^:(?:param|raises) ([\w.]+):", r"- `\1`:", words, flags=re.MULTILINE)
    words = re.sub(r"^:returns?:", "- returns:", words, flags=re.MULTILINE)
    if inspect.isclass(thing) and hasattr(thing, "__table__"):
        return [f"## {name}", "", words]
    full = inspect.signature(thing)
    # Types are for checkers of types, which find them in the code.
    bare = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in full.parameters.values()
        if not each.name.startswith("_")
    ]
    signature = str(full.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    # As the formatter of the house would leave it, which reads these pages too.
    signature = re.sub(r"<[^<>]*>", "...", signature).replace("'", '"')
    return [f"## {name}", "", "```python", _folded(name, signature), "```", "", words]


def _folded(name: str, signature: str) -> str:
    """Return a call, one argument a line where it is long."""
    if len(name + signature) <= LONGEST:
        return f"{name}{signature}"
    inside = "".join(f"    {each},\n" for each in signature[1:-1].split(", "))
    return f"{name}(\n{inside})"


def checklist() -> str:
    """Return the page of what a plugin has to hold."""
    from civic.testing.checklist import CHECKS  # noqa: PLC0415

    lines = [
        WRITTEN,
        "# The checklist",
        "",
        (
            "What a plugin has to hold before it is put on a site that people rely on. "
            "`pytest --civic-conformance NAME` looks at each point, and so does "
            "`civic plugins check NAME` where pytest is installed; every plugin that comes with "
            "Civic is held to it by the tests of Civic itself. It looks at a database in a folder "
            "of its own and touches no site."
        ),
        "",
        "| point | what must be true | why |",
        "|---|---|---|",
        *(f"| `{check.code}` | {check.says} | {check.why} |" for check in CHECKS),
        "",
        "What no machine can look at, and what you should ask somebody who will use it:",
        "",
        "- Does each page say where one is, what is asked of one, and until when?",
        (
            "- Is it readable at 390 pixels in large type, and does it work by keyboard, and "
            "without JavaScript?"
        ),
        "- Does every refusal say what to do instead?",
        (
            "- Is less collected than could be, and does nothing personal stand in lists that "
            "others read?"
        ),
    ]
    return "\n".join(lines) + "\n"


PAGES = {"hooks.md": hooks, "api.md": api, "checklist.md": checklist}


def stale() -> list[str]:
    """Return the pages that are not as the code has it."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != page()
    ]


def main() -> int:
    """Do what the command line asks; return the exit status."""
    if sys.argv[1:] == ["check"]:
        found = stale()
        print("\n".join(f"{name} is stale: python -m tools.hooks" for name in found))
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
