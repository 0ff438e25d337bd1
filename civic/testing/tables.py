"""Points of the checklist about a plugin's tables."""

from collections.abc import Iterator

from sqlalchemy import Table, inspect

from civic.kernel import migrate
from civic.kernel.db import Model, db
from civic.testing.subject import Subject

PERSON = "person"


def down_and_up(subject: Subject) -> Iterator[str]:
    """Find what stays behind when the migrations are taken back, and what fails on the way."""
    if not _migrates(subject):
        return
    with subject.aside():
        first = _tables()
        try:
            migrate.downgrade(subject.name, "base")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            yield f"downgrade fails: {type(error).__name__}: {error}"
            return
        own = [table for table in _tables() if table.startswith(f"{subject.name}_")]
        for table in own:
            yield f"{table} is still there after the downgrade"
        if own:
            return
        try:
            migrate.upgrade()
        except Exception as error:  # noqa: BLE001
            yield f"the second upgrade fails: {type(error).__name__}: {error}"
            return
        if _tables() != first:
            yield f"the second upgrade makes other tables: {sorted(_tables() ^ first)}"


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def _migrates(subject: Subject) -> bool:
    return subject.folder is not None and (subject.folder / "migrations").is_dir()


def _models(subject: Subject) -> list[Table]:
    """Return the tables that the plugin's own models describe."""
    package = f"civic_{subject.name}"
    found = []
    for mapper in Model.registry.mappers:
        module = mapper.class_.__module__
        if module == package or module.startswith(f"{package}."):
            found += [table for table in mapper.tables if isinstance(table, Table)]
    return sorted(found, key=lambda table: table.name)


def agree(subject: Subject) -> Iterator[str]:
    """Find differences between what migrations build and what models say."""
    with subject.inside():
        models = _models(subject)
        for table in models:
            if not table.name.startswith(f"{subject.name}_"):
                yield f"the table {table.name} must begin with {subject.name}_"
        if models and not _migrates(subject):
            yield "there are models, and no folder `migrations`: `civic db revision NAME -m ...`"
        for owner in migrate.owners():
            if owner.name == subject.name:
                for difference in migrate.differences(owner):
                    yield f"`civic db revision {subject.name}` would still write {difference}"


def personal(subject: Subject) -> Iterator[str]:
    """Find tables that refer to a person without a word of it."""
    with subject.inside():
        refers = sorted(
            table.name
            for table in _models(subject)
            if any(key.column.table.name == PERSON for key in table.foreign_keys)
        )
    if not refers:
        return
    named = ", ".join(refers)
    if not getattr(subject.plugin, "personal_data", ()):
        yield f"{named} refers to a person: declare it in Plugin(personal_data=[...])"
    for hook in ("export_member", "forget_member"):
        if not hasattr(subject.module, hook):
            yield f"{named} refers to a person: implement the hook {hook}"
