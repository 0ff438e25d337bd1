"""The document about declarations: its example is a plugin that fits, and does what it says."""

import re
import subprocess
import sys
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "plugins" / "declarations.md"
#: In a process of its own, as its tables stay in the models of whichever process runs it.
RUN = """
from types import ModuleType, SimpleNamespace
import sys
module = ModuleType("civic_rental")
sys.modules["civic_rental"] = module
exec(compile(sys.stdin.read(), "declarations.md", "exec"), module.__dict__)
from civic.admin.given import CHECKS
for check in CHECKS:
    check(module.plugin)
plugin = module.plugin
assert [kind.code for kind in plugin.standings] == ["rental.tenant"]
assert plugin.standings[0].permission == "rental.vouch"
assert module.Lease.__tablename__ == "rental_lease"
assert len(plugin.audience[0].people().selected_columns) == 2
print("it fits")
"""


def test_its_example_is_a_plugin_that_fits():
    code = "\n".join(re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=code, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "it fits"), done.stderr
