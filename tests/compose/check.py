"""Bring the compose stack up for real and see that it does what docker-compose.yml says.

``python -m tests.compose.check``: not part of ``make test``, since it needs a Docker engine and a few minutes.
``.ci/run`` runs it where there is one.
"""

from __future__ import annotations

import argparse
import html
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx

from shared.article import Article
from tests.compose.seed import EXPECTED, SEED
from tests.compose.stack import ROOT, Stack, compose_stack, say
from tests.tagged import newest_of
from tests.waiting import wait_until_sync
from tools.demo_latency import page
from tools.feed_samples import push

STORIES = 60
PUBLISH = ("python", "-m", "services.publish")
SAMPLE = ROOT / "samples" / "harbour-tram.txt"
ASK_METRICS = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8090/metrics').read().decode())"


def main() -> int:
    """Run every check in order; the first that fails ends it with its reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.compose.check")
    parser.add_argument("pages", nargs="*", type=Path, help="published pages as text, to be pushed and seen as well")
    pages = [SAMPLE, *parser.parse_args().pages]
    checks: tuple[Callable[[Stack, httpx.Client], None], ...] = (
        it_comes_up,
        images_hold_one_service,
        nobody_is_root,
        code_cannot_be_changed,
        containers_are_hardened,
        the_site_is_in_postgresql,
        *(partial(a_pushed_page_is_on_the_site, page) for page in pages),
        *(partial(the_seed_story_is_tagged, page) for page in pages if page.name == SEED),
        three_replicas_share_the_work,
        two_projectors_keep_one_order,
        the_site_is_what_the_store_says,
        the_site_is_made_again_the_same,
        it_stops_in_time_and_without_a_kill,
        it_comes_back_with_its_stories,
        the_full_tier_has_memory_enough,
    )
    with compose_stack() as stack, httpx.Client(timeout=10, trust_env=False) as client:
        for check in checks:
            began = time.monotonic()
            check(stack, client)
            say(f"ok   {in_words(check)} ({time.monotonic() - began:.1f} s)")
    say(f"{len(checks)} passed, 0 failed")
    return 0


def it_comes_up(stack: Stack, client: httpx.Client) -> None:
    stack.compose("up", "--build", "--wait", "--wait-timeout", "180")
    assert client.get(f"{stack.site}/readyz").status_code == httpx.codes.OK
    assert client.get(f"{stack.push_address}/readyz").status_code == httpx.codes.OK


def images_hold_one_service(stack: Stack, _: httpx.Client) -> None:
    for service, held in (("ingest", "ingest"), ("enrich", "enrich"), ("publish", "publish"), ("web", "publish")):
        listing = stack.python(service, "import os; print(*sorted(os.listdir('services')), *sorted(os.listdir('.')))")
        assert listing.split() == [held, ".venv", "newsroom.yaml", "services", "shared"], listing


def nobody_is_root(stack: Stack, _: httpx.Client) -> None:
    for service in ("ingest", "enrich", "publish", "web"):
        status = stack.python(service, "print(open('/proc/1/status').read())")
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert fields["Uid"].split() == ["10001"] * 4, fields["Uid"]
        assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0, fields
        assert fields["NoNewPrivs"] == "1"


def code_cannot_be_changed(stack: Stack, _: httpx.Client) -> None:
    attempt = (
        "import pathlib\n"
        "try:\n pathlib.Path('/app/shared/new.py').touch()\n"
        "except OSError as error:\n print('refused', error)\n"
    )
    for service in ("ingest", "enrich", "publish", "web"):
        assert stack.python(service, attempt).startswith("refused"), service


def the_site_is_in_postgresql(stack: Stack, _: httpx.Client) -> None:
    ask = "from services.publish.__main__ import *; print(load(PublishSettings).store_url.partition(':')[0])"
    assert {stack.python(service, ask).strip() for service in ("publish", "web")} == {"postgresql"}


def containers_are_hardened(stack: Stack, _: httpx.Client) -> None:
    for name, container in stack.containers().items():
        host = container["HostConfig"]
        assert container["Config"]["User"].split(":")[0] not in {"", "0"}, name
        assert host["ReadonlyRootfs"] is True, name
        assert host["CapDrop"] == ["ALL"], name
        assert host["Memory"], name
        assert host["PidsLimit"], name
        assert host["LogConfig"]["Config"]["max-size"], name
        published = {port for port, bound in container["NetworkSettings"]["Ports"].items() if bound}
        assert published <= {"8080/tcp", "8081/tcp"}, name


def a_pushed_page_is_on_the_site(path: Path, stack: Stack, client: httpx.Client) -> None:
    content, headline = path.read_bytes(), headline_of(path)
    began = time.monotonic()
    assert pushed(stack, client, content) == ["emitted"]
    wait_until_sync(lambda: on_home_page(stack, client, headline))
    say(f"     {(time.monotonic() - began) * 1000:.0f} ms from the push to the home page: {headline}")


def the_seed_story_is_tagged(path: Path, stack: Stack, _: httpx.Client) -> None:
    headline = headline_of(path)
    # The first story for a worker is the slowest: what it went without follows in an amendment.
    wait_until_sync(lambda: (story := published(stack, headline)) and story.newsroom.tags, timeout=30)
    story = published(stack, headline)
    assert story is not None
    assert EXPECTED.shortcomings(story) == []


def three_replicas_share_the_work(stack: Stack, client: httpx.Client) -> None:
    stack.compose("up", "--no-recreate", "--wait", "--wait-timeout", "120", "--scale", "enrich=3")
    before = worked(stack)
    headlines = [f"Lighthouse {number} of sixty is lit again after the storm" for number in range(STORIES)]
    for headline in headlines:
        assert pushed(stack, client, page(headline)) == ["emitted"]
    wait_until_sync(lambda: sum(worked(stack)) - sum(before) >= STORIES, timeout=60)
    wait_until_sync(lambda: on_home_page(stack, client, headlines[-1]))
    shares = [after - start for after, start in zip(worked(stack), before, strict=True)]
    say(f"     stories by replica of enrich: {shares}")
    assert sum(shares) == STORIES
    assert sum(share > 0 for share in shares) >= 2


def two_projectors_keep_one_order(stack: Stack, client: httpx.Client) -> None:
    stack.compose("up", "--no-recreate", "--wait", "--wait-timeout", "120", "--scale", "publish=2")
    headlines = [f"Bridge {number} of forty opens for the tall ships" for number in range(40)]
    for headline in headlines:
        assert pushed(stack, client, page(headline)) == ["emitted"]
    wait_until_sync(lambda: all(published(stack, headline) for headline in headlines[::39]), timeout=60)
    sequences = sorted(int(entry["sequence"]) for entry in stack.entries("article.published"))
    assert sequences == list(range(1, len(sequences) + 1))


def the_site_is_what_the_store_says(stack: Stack, _: httpx.Client) -> None:
    said = stack.compose("exec", "-T", "publish", *PUBLISH, "check-site", "http://web:8080", quiet=True)
    say(f"     {said.strip()}")
    assert said.endswith("nothing wrong\n")


def the_site_is_made_again_the_same(stack: Stack, _: httpx.Client) -> None:
    made = "sqlite:////data/again.db"
    said = stack.compose("exec", "-T", "publish", *PUBLISH, "rebuild", "--into", made, "--compare", quiet=True)
    say(f"     {said.splitlines()[-1]}")
    assert said.endswith(" 0 differ\n")


def it_stops_in_time_and_without_a_kill(stack: Stack, _: httpx.Client) -> None:
    began = time.monotonic()
    stack.compose("stop", quiet=True)
    assert time.monotonic() - began < 30
    codes = {name: container["State"]["ExitCode"] for name, container in stack.containers().items()}
    assert set(codes.values()) == {0}, codes


def it_comes_back_with_its_stories(stack: Stack, client: httpx.Client) -> None:
    stack.compose("up", "--wait", "--wait-timeout", "180")
    assert pushed(stack, client, SAMPLE.read_bytes()) == ["duplicate"]
    feed = client.get(f"{stack.site}/feed.xml").text
    assert "Lighthouse" in feed


def the_full_tier_has_memory_enough(stack: Stack, client: httpx.Client) -> None:
    full = replace(stack, tier="full")
    full.compose("up", "--build", "--wait", "--wait-timeout", "180", "enrich")
    headlines = [f"Ferry {number} of thirty sails in the fog" for number in range(30)]
    for headline in headlines:
        assert pushed(full, client, page(headline)) == ["emitted"]
    wait_until_sync(lambda: all(embedded(published(full, headline)) for headline in headlines[::29]), timeout=60)
    say(f"     memory of enrich in the full tier: {full.memory('enrich')}")
    (enrich,) = (container for name, container in full.containers().items() if "-enrich-" in name)
    assert (enrich["State"]["OOMKilled"], enrich["RestartCount"]) == (False, 0)


def embedded(story: Article | None) -> bool:
    return story is not None and "embedding" in {one.name for one in story.newsroom.enrichment.applied}


def headline_of(path: Path) -> str:
    # Station, headline, date, story, with an empty line between them.
    return path.read_text(encoding="utf-8").split("\n\n")[1].strip()


def published(stack: Stack, headline: str) -> Article | None:
    return newest_of(stack.entries("article.published"), lambda story: story.headline == headline)


def in_words(check: Callable[..., None]) -> str:
    return getattr(check, "func", check).__name__.replace("_", " ")


def pushed(stack: Stack, client: httpx.Client, content: bytes) -> list[str]:
    token = stack.compose("exec", "-T", "ingest", "cat", "/data/secrets/demo.token", quiet=True).strip()
    return push(
        client,
        address=stack.push_address,
        source="demo",
        token=token,
        content=content,
        declared="text/plain; charset=utf-8",
    )


def on_home_page(stack: Stack, client: httpx.Client, headline: str) -> bool:
    return headline in html.unescape(client.get(f"{stack.site}/").text)


def worked(stack: Stack) -> list[int]:
    """Return how many stories each replica of enrich has handed on, by its own count."""
    return [emitted(stack.python("enrich", ASK_METRICS, index=index)) for index in (1, 2, 3)]


def emitted(metrics: str) -> int:
    lines = (line for line in metrics.splitlines() if line.startswith("newsroom_outcomes_total{"))
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines if 'outcome="emitted"' in line)


if __name__ == "__main__":
    sys.exit(main())
