"""A PostgreSQL of the tests' own: made in a temporary folder, on a socket that nothing else sees, and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Postgres", "find_binaries", "postgres_server", "running_postgres"]


def find_binaries() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class Postgres:
    """A server that can be stopped and started again, with what it holds."""

    url: str
    folder: Path
    binaries: Path
    user: str | None
    durable: bool

    def start(self) -> None:
        fsync = "on" if self.durable else "off"
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync={fsync}"
        self._control("-o", f"{settings} -c max_connections=30", "-l", self.folder / "log", "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: str | Path) -> None:
        _run(self.user, self.binaries / "pg_ctl", "-D", self.folder / "data", "-w", *arguments)


@contextmanager
def running_postgres(binaries: Path, *, durable: bool = False) -> Iterator[str]:
    """Yield the address of a running server."""
    with postgres_server(binaries, durable=durable) as server:
        yield server.url


@contextmanager
def postgres_server(binaries: Path, *, durable: bool = False) -> Iterator[Postgres]:
    """Yield a running server. PostgreSQL refuses to run as root, so root hands it to ``postgres``."""
    folder = Path(tempfile.mkdtemp(prefix="wireroom-pg-"))  # short: a socket's path has at most 107 bytes
    user = _owner(folder)
    data = folder / "data"
    _run(
        user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
    )
    server = Postgres(f"postgresql://postgres@/postgres?host={folder}", folder, binaries, user, durable)
    server.start()
    try:
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):  # it may be stopped already
            server.stop()
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
