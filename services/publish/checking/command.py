"""``python -m services.publish check-site URL``: crawls the served site and holds it against the store."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

import httpx
from sqlalchemy.exc import SQLAlchemyError

from services.publish.checking.crawl import crawl
from services.publish.checking.findings import Finding
from services.publish.checking.truth import Truth, truths
from services.publish.settings import PublishSettings
from services.publish.store.database import Database
from services.publish.store.schema import SchemaMismatch
from shared.settings import load

__all__ = ["check_site"]

EXIT = "exit status: 0 nothing is wrong; 1 something is; 2 it could not be looked at"
WRONG, FAILED = 1, 2
SETTLING = 2.0
"""Seconds after which what looked wrong is looked at once more: the store moves while the site is read."""


def check_site(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    settings = load(PublishSettings)
    database = Database(settings.store_url)
    address = asked.url or f"http://127.0.0.1:{settings.site_port}"
    try:
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            known, wrong = _look_twice(client, database)
    except (SQLAlchemyError, SchemaMismatch, OSError, httpx.HTTPError) as error:
        sys.stderr.write(f"check-site: {type(error).__name__}: {str(error).partition(chr(10))[0]}\n")
        return FAILED
    finally:
        database.close()
    for finding in wrong:
        words = (finding.code, finding.where, finding.story_id, finding.detail)
        sys.stdout.write(json.dumps(asdict(finding)) + "\n" if asked.json else "  ".join(filter(None, words)) + "\n")
    if not asked.json:
        live = sum(truth.is_live for truth in known.values())
        sys.stdout.write(f"{len(known)} stories, {live} of them live: {len(wrong) or 'nothing'} wrong\n")
    return WRONG if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.publish check-site", description=__doc__, epilog=EXIT)
    parser.add_argument("url", nargs="?", help="the address of the site (default: this machine, SITE_PORT)")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each thing that is wrong")
    return parser


def _look_twice(client: httpx.Client, database: Database) -> tuple[dict[str, Truth], list[Finding]]:
    """Return the stories and what is wrong both times."""
    known, first = _look(client, database)
    if not first:
        return known, []
    time.sleep(SETTLING)
    known, second = _look(client, database)
    return known, [finding for finding in second if finding in first]


def _look(client: httpx.Client, database: Database) -> tuple[dict[str, Truth], list[Finding]]:
    known = {truth.story_id: truth for truth in truths(database)}
    return known, list(crawl(client, known))
