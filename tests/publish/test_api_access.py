"""Who may ask the content API, from where, and how much."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from services.publish.api.access import Access, ApiSettings, read_access
from services.publish.api.keys import Keys
from services.publish.api.limits import MOST_BUCKETS, Buckets, network_of
from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.settings import ConfigError
from tests.publish.reading_pages import SYDNEY, Publish
from tests.publish.serving import serving
from tests.publish.written import article

pytestmark = pytest.mark.heavy

KEY = "a-key-of-many-letters"
KEYS = Keys.load(["north-app"], {"PUBLISH_API_KEY_NORTH_APP": KEY})
BEARER = {"Authorization": f"Bearer {KEY}"}
ARTICLES = "/api/v1/articles"


@contextmanager
def api(database: Database, keys: Keys | None = None, **settings: object) -> Iterator[httpx.Client]:
    access = Access(ApiSettings.model_validate(settings), keys or Keys({}))
    app = site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05, access=access)
    with serving(app) as client:
        yield client


def test_whoever_has_no_key_is_told_to_send_one(site_database: Database) -> None:
    with api(site_database, KEYS) as client:
        answers = [
            client.get(ARTICLES),
            client.get(ARTICLES, headers={"Authorization": "Bearer another"}),
            client.get(ARTICLES, headers={"Authorization": f"Basic {KEY}"}),
        ]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(401, "no_key")] * 3
        assert answers[0].headers["www-authenticate"].startswith("Bearer")


def test_a_key_opens_the_api_and_no_cache_between_may_keep_what_it_told(site_database: Database) -> None:
    with api(site_database, KEYS) as client:
        answer = client.get(ARTICLES, headers=BEARER)
        assert answer.status_code == 200
        assert answer.headers["cache-control"].startswith("private")
        assert "Authorization" in answer.headers["vary"]


def test_what_is_in_memory_needs_a_key_as_well(site_database: Database, publish: Publish) -> None:
    publish(article())
    with api(site_database, KEYS) as client:
        assert client.get(ARTICLES, headers=BEARER).status_code == 200
        assert client.get(ARTICLES).status_code == 401


def test_the_contract_is_open_and_says_that_a_key_is_needed(site_database: Database) -> None:
    with api(site_database, KEYS) as client:
        contract = client.get("/api/v1/openapi.json").json()
    assert contract["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_the_site_itself_needs_no_key(site_database: Database) -> None:
    with api(site_database, KEYS) as client:
        assert client.get("/").status_code == 200


def test_a_key_may_be_known_by_its_digest_alone() -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    keys = Keys.load(["north-app"], {"PUBLISH_API_KEY_HASH_NORTH_APP": f"sha256:{digest.upper()}"})
    assert (keys.owner_of(KEY), keys.owner_of("another")) == ("north-app", None)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"PUBLISH_API_KEY_NORTH_APP": "short"},
        {"PUBLISH_API_KEY_NORTH_APP": "with a space, and long enough"},
        {"PUBLISH_API_KEY_HASH_NORTH_APP": "abc"},
    ],
)
def test_a_name_without_a_usable_key_is_refused_at_the_start(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="NORTH_APP"):
        Keys.load(["north-app"], environ)


def test_two_names_with_one_key_are_refused() -> None:
    environ = {"PUBLISH_API_KEY_A": KEY, "PUBLISH_API_KEY_B": KEY}
    with pytest.raises(ConfigError, match="same key"):
        Keys.load(["a", "b"], environ)


def test_access_is_read_from_the_newsrooms_configuration(tmp_path: Path) -> None:
    config = tmp_path / "newsroom.yaml"
    config.write_text("api:\n  cors_origins: [https://app.example]\n  keys: [north-app]\n  key_rate: 5\n")
    access = read_access(config, {"PUBLISH_API_KEY_NORTH_APP": KEY})
    assert (access.settings.cors_origins, access.settings.key_rate, len(access.keys)) == (
        ("https://app.example",),
        5,
        1,
    )


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/", "https://App.example", "null"])
def test_an_origin_that_no_browser_sends_is_refused_at_the_start(tmp_path: Path, origin: str) -> None:
    config = tmp_path / "newsroom.yaml"
    config.write_text(f"api:\n  cors_origins: ['{origin}']\n")
    with pytest.raises(ConfigError, match="cors_origins"):
        read_access(config, {})


def test_who_asks_too_much_is_told_when_to_come_back(site_database: Database) -> None:
    with api(site_database, address_rate=0.1) as client:
        answers = [client.get(ARTICLES) for _ in range(11)]
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert answers[0].headers["ratelimit-policy"] == '"address";q=10;w=100'
    assert refused.headers["ratelimit"].startswith('"address";r=0;t=')


def test_each_key_has_its_own_limit(site_database: Database) -> None:
    keys = Keys.load(["a", "b"], {"PUBLISH_API_KEY_A": "a" * 20, "PUBLISH_API_KEY_B": "b" * 20})
    with api(site_database, keys, key_rate=0.1) as client:
        spent = [client.get(ARTICLES, headers={"Authorization": f"Bearer {'a' * 20}"}) for _ in range(11)]
        other = client.get(ARTICLES, headers={"Authorization": f"Bearer {'b' * 20}"})
    assert (spent[-1].status_code, other.status_code) == (429, 200)


def test_a_bucket_fills_again() -> None:
    now = 0.0
    buckets = Buckets("address", 1.0, clock=lambda: now)
    allowed = [buckets.take("a").wait for _ in range(11)]
    assert allowed == [0.0] * 10 + [1.0]
    now = 1.0
    assert buckets.take("a").wait == 0.0


def test_buckets_are_bounded() -> None:
    buckets = Buckets("address", 1.0)
    for number in range(MOST_BUCKETS + 5):
        buckets.take(str(number))
    assert len(buckets) == MOST_BUCKETS


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_counts_with_its_neighbours(host: str, network: str) -> None:
    assert network_of(host) == network


def test_no_other_sites_page_may_read_unless_it_is_named(site_database: Database) -> None:
    with api(site_database) as client:
        answer = client.get(ARTICLES, headers={"Origin": "https://app.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_the_pages_of_a_named_origin_may_read(site_database: Database) -> None:
    with api(site_database, cors_origins=["https://app.example"]) as client:
        own = client.get(ARTICLES, headers={"Origin": "https://app.example"})
        other = client.get(ARTICLES, headers={"Origin": "https://evil.example"})
        neither = client.get(ARTICLES)
    assert own.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in other.headers
    assert all("Origin" in one.headers["vary"] for one in (own, other, neither))


def test_a_browser_may_ask_before_it_sends_a_key(site_database: Database) -> None:
    with api(site_database, KEYS, cors_origins=["https://app.example"]) as client:
        answer = client.options(
            ARTICLES,
            headers={
                "Origin": "https://app.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "authorization",
            },
        )
    assert answer.status_code == 200
    assert "Authorization" in answer.headers["access-control-allow-headers"]
