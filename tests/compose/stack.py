"""The compose stack as the check drives it: a project name and ports of its own, and gone afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.redis_server import free_port

ROOT = Path(__file__).resolve().parents[2]
# Compose reads these from the caller's environment; a person's .env is for their own stack.
OURS = (
    *("SITE_PORT", "PUSH_PORT", "PUBLISH_ADDRESS", "NEWSROOM_CONFIG", "DATABASE_URL", "LOG_LEVEL"),
    *("ENRICH_TIER", "ENRICH_WORKERS", "ENRICH_BUDGET_MS", "ENRICH_OFF"),
)


def say(text: str) -> None:
    """Print a line now: whoever watches a build wants to know what it is at."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Stack:
    project: str
    site_port: int
    push_port: int
    tier: str = "default"
    """Of enrich; another one takes effect with the next ``up``."""

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.site_port}"

    @property
    def push_address(self) -> str:
        return f"http://127.0.0.1:{self.push_port}"

    def compose(self, *arguments: str, check: bool = True, quiet: bool = False, limit: float = 600) -> str:
        """Run ``docker compose`` with this project and return what it printed."""
        if not quiet:
            say(f"$ docker compose {' '.join(arguments)}")
        done = subprocess.run(
            ["docker", "compose", "--env-file", os.devnull, "--project-name", self.project, *arguments],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"docker compose {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"[-6000:])
        return done.stdout

    def _environment(self) -> dict[str, str]:
        caller = {name: value for name, value in os.environ.items() if name not in OURS}
        ports = {"SITE_PORT": str(self.site_port), "PUSH_PORT": str(self.push_port)}
        return {**caller, **ports, "ENRICH_TIER": self.tier, "BUILDKIT_PROGRESS": "plain", "COMPOSE_PROGRESS": "plain"}

    def python(self, service: str, code: str, *, index: int = 1) -> str:
        """Run Python inside a container: the images hold no other tool."""
        return self.compose("exec", "-T", "--index", str(index), service, "python", "-c", code, quiet=True)

    def entries(self, stream: str) -> list[dict[str, str]]:
        """Return what lies in a stream, oldest first."""
        told = self.compose("exec", "-T", "redis", "redis-cli", "--json", "XRANGE", stream, "-", "+", quiet=True)
        return [dict(zip(fields[::2], fields[1::2], strict=True)) for _, fields in json.loads(told)]

    def memory(self, service: str) -> str:
        """Return the memory that a service's one container takes, and may take."""
        (identifier,) = self.compose("ps", "--quiet", service, quiet=True).split()
        asked = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", identifier]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return what Docker knows of each container, by its name."""
        identifiers = self.compose("ps", "--all", "--quiet", quiet=True).split()
        told = subprocess.run(["docker", "inspect", *identifiers], capture_output=True, text=True, check=True)
        return {container["Name"]: container for container in json.loads(told.stdout)}


@contextmanager
def compose_stack() -> Iterator[Stack]:
    """Give a stack that is not up yet; take everything of it away at the end, with its logs shown on a failure."""
    stack = Stack(f"wireroom-check-{os.getpid()}", free_port(), free_port())
    try:
        yield stack
    except BaseException:
        say(stack.compose("ps", "--all", check=False))
        say(stack.compose("logs", "--tail", "40", check=False))
        raise
    finally:
        stack.compose("down", "--volumes", "--remove-orphans", "--rmi", "local", "--timeout", "30", check=False)
