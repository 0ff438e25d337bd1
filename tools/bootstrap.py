"""Find a Python that can carry Civic and hand over to install.py.

Written so that the oldest Python can read it, to be told in one sentence what is missing.
"""

from __future__ import print_function

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALL = os.path.join(HERE, "install.py")
CHECK = (
    "import sys\n"
    "if sys.version_info < (3, 11): sys.exit(3)\n"
    "try:\n import ensurepip, venv\n"
    "except ImportError: sys.exit(4)\n"
)
TOO_OLD, NO_VENV = 3, 4


def examine(python):
    """Return 0 if that Python will do, TOO_OLD, NO_VENV, or None if it does not run."""
    try:
        with open(os.devnull, "w") as nowhere:
            code = subprocess.call([python, "-c", CHECK], stdout=nowhere, stderr=nowhere)
    except OSError:
        return None
    return code if code in (0, TOO_OLD, NO_VENV) else None


def choose():
    """Return the first Python that will do and, failing that, one that only lacks venv."""
    lacking = None
    for python in [sys.executable] + ["python3.%d" % minor for minor in range(14, 10, -1)]:
        verdict = examine(python)
        if verdict == 0:
            return python, None
        if verdict == NO_VENV and lacking is None:
            lacking = python
    return None, lacking


def refusal(lacking):
    """Say in one sentence what is missing and what helps."""
    here = "%d.%d" % sys.version_info[:2]
    if lacking is None:
        return (
            "Civic needs Python 3.11 or newer, and only Python %s was found: install a newer one "
            "from https://www.python.org/downloads/ or your system's packages, then run make again."
        ) % here
    version = os.path.basename(lacking).replace("python", "")
    if lacking == sys.executable:
        version = here
    return (
        "This Python %s comes without its venv module: on Debian and Ubuntu it is the package "
        "python%s-venv (apt install python%s-venv), then run make again."
    ) % (version, version, version)


def fits():
    """Say whether the Python that reads this will do, without starting another."""
    if sys.version_info < (3, 11):
        return False
    try:
        import ensurepip
        import venv
    except ImportError:
        return False
    return bool(ensurepip and venv)


def main():
    """Run install.py under a fitting Python, or leave with one sentence."""
    if fits():
        import runpy

        runpy.run_path(INSTALL, run_name="__main__")
        return
    python, lacking = choose()
    if python is None:
        print(refusal(lacking), file=sys.stderr)
        sys.exit(1)
    os.execvp(python, [python, INSTALL] + sys.argv[1:])


if __name__ == "__main__":
    main()
