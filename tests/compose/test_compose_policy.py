"""What docker-compose.yml promises for every service, read from the file: a new service must promise it too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {"secrets"}
"""What does its work and ends."""
OTHERS = {"redis", "postgres"}
OURS = sorted(set(SERVICES) - OTHERS - ONCE)
every_service = pytest.mark.parametrize("name", sorted(SERVICES))
every_lasting_service = pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))


@every_service
def test_it_runs_as_a_user_who_is_not_root(name: str) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", SERVICES[name]["user"])


@every_service
def test_its_root_file_system_is_read_only(name: str) -> None:
    assert SERVICES[name]["read_only"] is True


@every_service
def test_its_temporary_folder_is_bounded_and_runs_nothing(name: str) -> None:
    assert all("noexec" in mount and "size=" in mount for mount in SERVICES[name]["tmpfs"])


@every_service
def test_it_has_no_capability(name: str) -> None:
    assert (SERVICES[name]["cap_drop"], "cap_add" in SERVICES[name]) == (["ALL"], False)


@every_service
def test_it_can_gain_no_privilege(name: str) -> None:
    assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


@every_service
@pytest.mark.parametrize("limit", ["mem_limit", "cpus", "pids_limit"])
def test_it_is_limited(name: str, limit: str) -> None:
    assert SERVICES[name][limit]


@every_service
def test_its_log_cannot_fill_the_disk(name: str) -> None:
    assert {"max-size", "max-file"} <= set(SERVICES[name]["logging"]["options"])


@every_lasting_service
def test_it_is_started_again_after_a_crash(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"


@every_service
def test_it_has_time_to_finish_what_it_holds(name: str) -> None:
    assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) >= 30


@every_service
def test_it_has_an_init_process(name: str) -> None:
    assert SERVICES[name]["init"] is True


@every_lasting_service
def test_it_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@every_service
def test_it_can_be_scaled(name: str) -> None:
    assert "container_name" not in SERVICES[name]


@pytest.mark.parametrize("name", OURS)
def test_its_health_is_its_readiness(name: str) -> None:
    assert SERVICES[name]["environment"]["PROBE_URL"].endswith("/readyz")


@pytest.mark.parametrize("name", OURS)
def test_it_waits_for_what_it_needs_to_be_healthy(name: str) -> None:
    needs = SERVICES[name]["depends_on"]
    assert needs
    assert all(need == {"condition": "service_healthy"} for need in needs.values())


@every_service
def test_no_port_is_open_to_the_network_unless_asked_for(name: str) -> None:
    assert all(port.startswith("${PUBLISH_ADDRESS:-127.0.0.1}:") for port in SERVICES[name].get("ports", []))


def test_the_site_and_the_push_address_alone_have_ports() -> None:
    assert sorted(name for name in SERVICES if SERVICES[name].get("ports")) == ["ingest", "web"]


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_holds_the_copy_is_on_the_internal_network_alone(name: str) -> None:
    assert SERVICES[name]["networks"] == ["bus"]


def test_what_makes_the_secrets_has_no_network_and_is_not_started_again() -> None:
    assert (SERVICES["secrets"]["network_mode"], SERVICES["secrets"]["restart"]) == ("none", "no")


def test_secrets_are_read_only_for_those_that_use_them() -> None:
    mounts = {
        name: [v for v in SERVICES[name].get("volumes", []) if str(v).startswith("secrets:")] for name in SERVICES
    }
    used = {name: found for name, found in mounts.items() if found}
    assert used.pop("secrets") == ["secrets:/data"]
    assert used == {key: ["secrets:/secrets:ro"] for key in ("postgres", "publish", "web")}


def test_the_network_of_redis_has_no_way_out() -> None:
    assert COMPOSE["networks"]["bus"]["internal"] is True


def test_every_variable_is_explained_in_the_example_and_no_other() -> None:
    read = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    explained = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == explained


def test_every_variable_has_the_default_that_the_example_shows() -> None:
    defaults = set(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", TEXT))
    shown = set(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert defaults == shown


REDIS = (ROOT / "deploy" / "redis.conf").read_text()


@pytest.mark.parametrize(
    "line", ["appendonly yes", "appendfsync always", "maxmemory-policy noeviction", "maxmemory 640mb"]
)
def test_redis_keeps_what_it_acknowledged(line: str) -> None:
    assert line in REDIS.splitlines()


def test_no_image_is_built_from_another_registry() -> None:
    images = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(images) == {"python:3.13-slim"}
