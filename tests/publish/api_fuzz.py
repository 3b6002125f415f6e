"""Put the content API to schemathesis: ``python -m tests.publish.api_fuzz [EXAMPLES]``.

It makes up requests from the API's own contract, valid and not, and holds every answer against it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from shared.article import Change
from tests.publish.api_serving import served
from tests.publish.told_stories import stories, tagged
from tests.publish.written import article

__all__ = ["fuzz"]

# A killed story is 410, and an id that is well formed may be a killed one's: schemathesis finds it by the changes.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 410, 429]
"""


GONE = [article(name, 2, change) for name, change in (("gone1", Change.KILL), ("held1", Change.WITHHOLD))]
STORIES = [*stories(30), tagged(), tagged("ferry2"), article("gone1"), article("held1"), *GONE]


def fuzz(examples: int) -> int:
    """Run schemathesis, and return its exit status: 0 where it finds nothing."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), *STORIES) as client:
        address = f"{client.base_url}/api/v1"
        Path(folder, "schemathesis.toml").write_text(CONFIG)
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json"]
        command += ["--url", address, "--checks", "all", "--max-examples", str(examples), "--seed", "1"]
        command += ["--phases", "coverage,fuzzing", "--no-color"]
        return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(fuzz(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
