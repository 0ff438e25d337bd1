"""Compile the translations before the packages are gathered; all else is in setup.cfg."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # a build backend does not look beside this file

from tools.catalogues import compile_all  # noqa: E402  (found through the line above)


class BuildWithTranslations(build_py):
    """Build the packages with the binary catalogues beside their sources."""

    def run(self) -> None:
        """Compile, then build."""
        compile_all(HERE)
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
