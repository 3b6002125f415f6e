"""The whole newsroom on one machine, on embedded defaults: what ``make run`` runs.

A Redis of its own on a port of its own, SQLite, and everything that must outlive a run in one folder
(``WIREROOM_DATA``, ``./var``). ``REDIS_URL`` and ``DATABASE_URL`` of the caller's environment are not used: they may
name another project's servers, and samples are fed into this one.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import httpx

from tools.feed_samples import feed_samples
from tools.ports import Ports, PortTaken, choose_ports, is_free
from tools.redis_server import LOG_FILE, NoRedis, answers, find_binary, refuse_newer_data, server_command
from tools.supervise import Pipeline

ROOT = Path(__file__).resolve().parent.parent
SERVICES = {
    "ingest": ("services.ingest", "PUSH_PORT"),
    "enrich": ("services.enrich", "ENRICH_PORT"),
    "projector": ("services.publish projector", "PROJECTOR_PORT"),
    "web": ("services.publish web", "SITE_PORT"),
}
NOT_OURS = ("REDIS_URL", "REDIS_URL_FILE", "DATABASE_URL", "DATABASE_URL_FILE")
IMPATIENCE = 15.0


class InUse(RuntimeError):
    """Another run works on the same data folder."""


def main() -> int:
    """Run until Ctrl-C (0), or until a process ends by itself or something is missing (1)."""
    parser = argparse.ArgumentParser(prog="python -m tools.run_local", description="Run the newsroom on this machine.")
    parser.add_argument("--no-samples", action="store_true", help="start without feeding samples/")
    options = parser.parse_args()
    data = Path(os.environ.get("WIREROOM_DATA") or ROOT / "var").resolve()
    try:
        with hold(data):
            return run(data, samples=not options.no_samples)
    except (InUse, NoRedis, PortTaken) as error:
        print(f"wireroom: {error}", file=sys.stderr)
        return 1


def run(data: Path, *, samples: bool) -> int:
    """Start the pipeline and wait for its end."""
    ports = choose_ports(os.environ, is_free)
    binary = find_binary()
    (data / "redis").mkdir(exist_ok=True)
    refuse_newer_data(binary, data / "redis")
    pipeline = Pipeline(
        first="redis",
        ready=lambda: answers(ports["REDIS_PORT"]),
        started=lambda: greet(pipeline, ports, data, samples=samples),
    )
    environment = service_environment(os.environ, ports, data)
    redis = shlex.join(server_command(binary, data=data / "redis", port=ports["REDIS_PORT"]))
    pipeline.add_process("redis", f"exec {redis}", env=environment, cwd=str(ROOT))
    for name, (module, _) in SERVICES.items():
        command = f"exec {shlex.quote(sys.executable)} -m {module}"
        pipeline.add_process(name, command, env=environment, cwd=str(ROOT))
    for note in ports.notes:
        print(f"wireroom: {note}", flush=True)
    signal.signal(signal.SIGHUP, lambda *_: pipeline.terminate())
    code = pipeline.run()
    if "redis" in pipeline.stopped_by_itself:
        print(f"wireroom: what Redis said is in {data / 'redis' / LOG_FILE}", file=sys.stderr)
    return code


def hold(data: Path) -> TextIO:
    """Keep the data folder to ourselves while the returned file is open: two Redis on one log would ruin it.

    Raises:
        InUse: another run has it.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise InUse(f"another run uses {data}: stop it first, or set WIREROOM_DATA to another folder") from error
    return lock


def service_environment(environ: Mapping[str, str], ports: Ports, data: Path) -> dict[str, str]:
    """Return the environment of every process of the run."""
    own = {name: value for name, value in environ.items() if name not in NOT_OURS}
    return {
        "LOG_FORMAT": "console",
        **own,
        **{name: str(number) for name, number in ports.numbers.items()},
        "REDIS_URL": f"redis://127.0.0.1:{ports['REDIS_PORT']}/0",
        "WIREROOM_DATA": str(data),
        "WIREROOM_BIND": "127.0.0.1",
        # The same name at every run: what a killed run had in hand is taken up at once by the next.
        "WIREROOM_REPLICA": "local",
        "PYTHONUNBUFFERED": "1",
    }


def greet(pipeline: Pipeline, ports: Ports, data: Path, *, samples: bool) -> None:
    """Wait for every service, feed the samples, print the addresses: last, where they can still be seen."""
    addresses = {name: f"http://127.0.0.1:{ports[port]}" for name, (_, port) in SERVICES.items()}
    begun = told = time.monotonic()
    with httpx.Client(timeout=5, trust_env=False) as client:
        while not pipeline.stopping and (missing := what_is_missing(client, addresses)):
            if time.monotonic() - told > IMPATIENCE:
                told = time.monotonic()
                pipeline.say(f"still waiting after {told - begun:.0f} s: {missing}")
            time.sleep(0.1)
    if pipeline.stopping:
        return
    token = data / "secrets" / "demo.token"
    if not token.exists():
        pipeline.say(f"no source is called demo, so no samples are fed; the site is at {addresses['web']}/")
        return
    if samples:
        for sentence in feed_samples(address=addresses["ingest"], token=token.read_text().strip()):
            pipeline.say(sentence)
    pipeline.say(banner(addresses, token))


def what_is_missing(client: httpx.Client, addresses: Mapping[str, str]) -> str:
    """Return in words which services are not ready and why; the empty string when all are."""
    problems: list[str] = []
    for name, address in addresses.items():
        try:
            answer = client.get(f"{address}/readyz")
        except httpx.HTTPError as error:
            problems.append(f"{name} does not answer ({type(error).__name__})")
            continue
        if answer.status_code != httpx.codes.OK:
            problems.append(f"{name} says {answer.text.strip()[:300]}")
    return "; ".join(problems)


def banner(addresses: Mapping[str, str], token: Path) -> str:
    """Return what a person needs to begin, ready to paste."""
    push = f"{addresses['ingest']}/v1/items?source=demo"
    # One line: whoever selects it must not have to cut the log's prefix out of the middle.
    story = (
        r"My Station\n\nA first story of our own\n\nJan 2, 2027\n\nOSLO: Norway: It is on the site within a second.\n"
    )
    curl = (
        f"printf '{story}' | curl -i -H \"Authorization: Bearer $(cat {shlex.quote(str(token))})\" "
        f"-H 'Content-Type: text/plain; charset=utf-8' --data-binary @- '{push}'"
    )
    return "\n".join(
        (
            "",
            f"site   {addresses['web']}/",
            f"push   {push}",
            f"token  {token}",
            "",
            "push a story of your own:",
            curl,
            "",
            "Ctrl-C stops everything; the next run goes on with the same data.",
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
