"""How long a story takes from the push to the home page, on a newsroom started for the purpose: ``make demo-latency``.

Prints the times and judges none of them: they belong to the machine as much as to the pipeline. Exits with 1 only
when a story does not appear at all.
"""

from __future__ import annotations

import argparse
import html
import statistics
import sys
import time

import httpx

from tools.local_stack import LocalStack, local_stack

PATIENCE = 20.0
PLACES = ("Ostend", "Tromso", "Valparaiso", "Galway", "Hobart", "Izmir", "Mombasa", "Quebec")


def main() -> int:
    """Push the stories one at a time, each when the one before it can be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_latency", description=__doc__)
    parser.add_argument("--stories", type=int, default=20, help="how many stories to push (default 20)")
    stories = parser.parse_args().stories
    times: list[float] = []
    with local_stack() as stack, httpx.Client(timeout=10, trust_env=False) as client:
        stack.wait_until_ready(client)
        for number in range(stories):
            headline = f"Ferry number {number + 1} of the season leaves {PLACES[number % len(PLACES)]} on time"
            seconds = time_to_home(stack, client, headline)
            if seconds is None:
                print(f"NOT SHOWN within {PATIENCE:g} s: {headline}\n{stack.end_of_log()}")
                return 1
            print(f"{seconds * 1000:7.0f} ms  {headline}", flush=True)
            times.append(seconds)
    print(summary(times))
    return 0


def time_to_home(stack: LocalStack, client: httpx.Client, headline: str) -> float | None:
    """Push a story and return the seconds until the home page has its headline; None when it never does."""
    began = time.perf_counter()
    stack.push(client, page(headline), "text/plain; charset=utf-8")
    while time.perf_counter() - began < PATIENCE:
        if headline in html.unescape(client.get(f"{stack.site}/").text):
            return time.perf_counter() - began
        time.sleep(0.005)
    return None


def page(headline: str) -> bytes:
    """Return a published page as text, in the shape that radio stations' sites give."""
    return (
        f"Harbour Radio News\n\n{headline}\n\nOct 18, 2026\n\n"
        f"OSTEND: Belgium: {headline}, the harbour office said on Sunday. The crossing was calm, and the crew of "
        "eleven had tea on deck before the passengers came aboard.\n\n"
        "It was the first sailing since the new timetable was agreed in the spring, after two years of talks "
        "between the company, the port and the towns on both shores.\n"
    ).encode()


def summary(times: list[float]) -> str:
    """Return the line that a reader of the output came for."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return (
        f"push to home page, {len(times)} stories: p50 {statistics.median(ordered) * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms, max {ordered[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
