"""Secrets of a first start: ``python -m shared.first_secrets FOLDER`` makes those that are not there yet, and ends.

For compose, where nothing has to be set: a password is made on the machine that it is for, and is in no file that is
shared. What is there is never replaced, so a secret of one's own takes its place by being there first.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

__all__ = ["make_missing"]

PASSWORD, ADDRESS = "postgres_password", "database_url"
READ_BY_ALL = 0o444
"""The volume is mounted into those containers alone that need it; they run as different users."""


def make_missing(folder: Path) -> list[str]:
    """Make the secrets that are missing, and return their names.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.chmod(0o755)
    made = []
    for name in (PASSWORD, ADDRESS):
        if not (folder / name).exists():
            _write(folder / name, _value(name, folder))
            made.append(name)
    return made


def _value(name: str, folder: Path) -> str:
    if name == PASSWORD:
        return secrets.token_urlsafe(32)
    return f"postgresql://wireroom:{(folder / PASSWORD).read_text().strip()}@postgres:5432/wireroom"


def _write(path: Path, text: str) -> None:
    """Write whole or not at all: a start that is cut short leaves no half of a password."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READ_BY_ALL)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def main() -> int:
    """Return 0 when every secret is there."""
    try:
        made = make_missing(Path(sys.argv[1]))
    except (IndexError, OSError) as error:
        sys.stderr.write(f"first_secrets: {error}\n")
        return 1
    sys.stdout.write(f"made: {', '.join(made) or 'nothing, all are there'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
