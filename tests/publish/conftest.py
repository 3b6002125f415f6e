"""The site store on each database that it is promised to work on, and a site that is served from one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from services.publish.__main__ import store_check
from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.reading import Reader
from services.publish.store.schema import HEAD
from services.publish.store.writing import Store
from shared.article import Article
from tests.publish.postgres import find_binaries, running_postgres
from tests.publish.reading_pages import SYDNEY, Publish
from tests.publish.serving import serving


@pytest.fixture(scope="session")
def postgres_binaries() -> Path:
    """The folder of PostgreSQL's programs. CI demands that there is one."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("WIREROOM_REQUIRE_POSTGRES") == "1":
            pytest.fail("WIREROOM_REQUIRE_POSTGRES=1, and no PostgreSQL is installed")
        pytest.skip("no PostgreSQL is installed")
    return binaries


@pytest.fixture(scope="session")
def postgres_server(postgres_binaries: Path) -> Iterator[str]:
    with running_postgres(postgres_binaries) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The address of an empty PostgreSQL database."""
    engine = create_engine(postgres_server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        if not _emptied(connection):
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return postgres_server


def _emptied(connection: Connection) -> bool:
    """Empty the tables that the test before left, if they have the present form: that takes a third of the time."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        return False
    if connection.scalar(text("SELECT version_num FROM alembic_version")) != HEAD:
        return False
    full = ", ".join(sorted(tables - {"alembic_version", "schema_version", "counter"}))
    connection.execute(text(f"TRUNCATE {full}"))
    connection.execute(text("UPDATE counter SET value = 0"))
    return True


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'site.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    database = Database(store_url)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(database)


@pytest.fixture
def site_database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def publish(site_database: Database) -> Publish:
    def apply(*articles: Article) -> None:
        Store(site_database).apply(articles)

    return apply


@pytest.fixture
def site(site_database: Database) -> Iterator[httpx.Client]:
    checks = {"store": store_check(site_database)}
    with serving(site_app(site_database, SYDNEY, checks=checks, cached_pages=8, watch_every=0)) as client:
        yield client


@pytest.fixture
def broken_site(tmp_path: Path) -> Iterator[httpx.Client]:
    """A site whose store cannot be reached."""
    (tmp_path / "var").write_text("a file where the folder should be")
    database = Database(f"sqlite:///{tmp_path / 'var' / 'site.db'}")
    with serving(
        site_app(database, SYDNEY, checks={"store": store_check(database)}, cached_pages=8, watch_every=0)
    ) as client:
        yield client
    database.close()
