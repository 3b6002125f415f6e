"""A PostgreSQL of the tests' own: made in a temporary folder, on a socket that nothing else sees, and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["find_binaries", "running_postgres"]


def find_binaries() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_postgres(binaries: Path) -> Iterator[str]:
    """Yield the address of a running server. PostgreSQL refuses to run as root, so root hands it to ``postgres``."""
    folder = Path(tempfile.mkdtemp(prefix="wireroom-pg-"))  # short: a socket's path has at most 107 bytes
    user = _owner(folder)
    data = folder / "data"
    _run(
        user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
    )
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=30"
    control = (binaries / "pg_ctl", "-D", data, "-w")
    _run(user, *control, "-o", settings, "-l", folder / "log", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        _run(user, *control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    name = next(user.pw_name for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})
    os.chown(folder, pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid)
    return name


def _run(user: str | None, *command: str | Path) -> None:
    subprocess.run(
        [str(part) for part in command],
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        cwd="/",
        check=True,
        # The server inherits the output of pg_ctl and keeps it open: a pipe would never end.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )
