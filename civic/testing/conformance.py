"""The checklist as pytest runs it: one item for each point, a sentence for each failure."""

import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from civic.testing.checklist import CHECKS
from civic.testing.points import Check, Fault, NotAsked
from civic.testing.subject import Subject


class Checklist(pytest.Collector):
    """Hold the points for one plugin."""

    subject: Subject

    @classmethod
    def of(cls, session: pytest.Session, name: str) -> "Checklist":
        """Return the checklist for a plugin."""
        made: Checklist = cls.from_parent(session, name=name, nodeid=f"civic-conformance::{name}")
        made.subject = Subject(name, _scratch(session.config))
        return made

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item for each point."""
        for check in CHECKS:
            point: Point = Point.from_parent(self, name=check.code)
            point.check = check
            yield point

    def teardown(self) -> None:
        """Let go of the plugin's site."""
        self.subject.close()


class Point(pytest.Item):
    """Be one point of the checklist."""

    check: Check

    @cached_property
    def subject(self) -> Subject:
        """Return what is looked at."""
        assert isinstance(self.parent, Checklist)  # noqa: S101 - made by it alone
        return self.parent.subject

    def runtest(self) -> None:
        """Look at the plugin."""
        try:
            self.check.run(self.subject)
        except NotAsked as reason:
            pytest.skip(str(reason))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any
    ) -> Any:
        """Say what is wrong in a sentence; anything unforeseen with its place."""
        if isinstance(excinfo.value, Fault):
            lines = "\n".join(f"  - {line}" for line in excinfo.value.lines)
            return f"{self.check.says}\nIn {self.subject.name} it is not so:\n{lines}"
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the point in the report."""
        return self.subject.folder or self.path, None, f"{self.subject.name}: {self.check.code}"


def _scratch(config: pytest.Config) -> Path:
    """Return a folder that is gone when pytest ends."""
    key = _SCRATCH
    if key not in config.stash:
        from civic.testing.site import MEMORY

        made = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        config.add_cleanup(made.cleanup)
        config.stash[key] = Path(made.name)
    return config.stash[key]


_SCRATCH = pytest.StashKey[Path]()
