"""Put the content API to schemathesis: ``python -m tests.publish.api_fuzz [EXAMPLES]``.

It makes up requests from the API's own contract, valid and not, and holds every answer against it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Change
from tests.publish.reading_pages import SYDNEY
from tests.publish.serving import serving
from tests.publish.told_stories import stories, tagged
from tests.publish.written import article

__all__ = ["fuzz"]

# A killed story is 410, and an id that is well formed may be a killed one's: schemathesis finds it by the changes.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 410, 429]
"""


@contextmanager
def _api(folder: Path) -> Iterator[str]:
    """Yield the address of an API with stories of every kind, one of them killed and one withheld."""
    database = Database(f"sqlite:///{folder / 'site.db'}")
    gone = [article("gone1", 2, Change.KILL), article("held1", 2, Change.WITHHOLD)]
    Store(database).apply([*stories(30), tagged(), tagged("ferry2"), article("gone1"), article("held1"), *gone])
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0.2)) as client:
        yield f"{client.base_url}/api/v1"
    database.close()


def fuzz(examples: int) -> int:
    """Run schemathesis, and return its exit status: 0 where it finds nothing."""
    with tempfile.TemporaryDirectory() as folder, _api(Path(folder)) as address:
        Path(folder, "schemathesis.toml").write_text(CONFIG)
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json"]
        command += ["--url", address, "--checks", "all", "--max-examples", str(examples), "--seed", "1"]
        command += ["--phases", "coverage,fuzzing", "--no-color"]
        return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(fuzz(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
