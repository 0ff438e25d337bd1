"""Who locks a person's row leaves room for the lock that every act of that person holds."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Closing an account alone waits for all that the person does at the moment.
ALONE = ROOT / "civic" / "records" / "services.py"


def stern(code: str) -> list[str]:
    """Return the expressions that lock rows of people against everybody else."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        words = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        if isinstance(node.func, ast.Attribute) and node.func.attr == "with_for_update":
            of = named.get("of")
            concerned = "Person" in (
                {name.id for name in ast.walk(of) if isinstance(name, ast.Name)} if of else words
            )
            if concerned and "key_share" not in named:
                found.append(ast.unparse(node))
        lock = named.get("with_for_update")
        if "Person" in words and isinstance(lock, ast.Constant) and lock.value is True:
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    "code",
    [
        "select(Person.id).filter_by(id=1).with_for_update()",
        "session.get_one(Person, 1, with_for_update=True)",
        "select(Contact).join(Person).with_for_update(of=Person)",
    ],
)
def test_a_planted_lock_is_seen(code: str) -> None:
    assert stern(code)


def test_acts_of_one_person_do_not_wait_for_each_other_in_a_circle() -> None:
    """Say `with_for_update(key_share=True)`, or `with_for_update={"key_share": True}`."""
    wrong = {
        path.relative_to(ROOT).as_posix(): locks
        for path in sorted((ROOT / "civic").rglob("*.py"))
        if path != ALONE and (locks := stern(path.read_text("utf-8")))
    }
    assert wrong == {}
    assert len(stern(ALONE.read_text("utf-8"))) == 1
