from __future__ import annotations

import socket

import pytest

from tools.ports import DEFAULTS, PortTaken, choose_ports, is_free


def test_defaults_are_used_when_they_are_free() -> None:
    assert choose_ports({}, lambda _: True).numbers == DEFAULTS


def test_nothing_is_said_when_the_defaults_are_free() -> None:
    assert choose_ports({}, lambda _: True).notes == ()


def test_a_taken_default_gives_way_to_the_next_port_that_no_other_default_needs() -> None:
    assert choose_ports({}, lambda port: port != 8080)["SITE_PORT"] == 8082


def test_a_taken_default_is_named_with_its_stand_in_and_the_variable_that_changes_it() -> None:
    note = choose_ports({}, lambda port: port != 8080).notes[0]
    assert note == "port 8080 is taken: using 8082 instead (set SITE_PORT to choose another)"


def test_two_taken_defaults_do_not_get_the_same_port() -> None:
    numbers = choose_ports({}, lambda port: port not in {8080, 8081}).numbers
    assert len(set(numbers.values())) == len(DEFAULTS)


def test_a_port_that_was_asked_for_is_used() -> None:
    assert choose_ports({"PUSH_PORT": "9999"}, lambda _: True)["PUSH_PORT"] == 9999


def test_a_port_that_was_asked_for_is_not_given_to_another_variable() -> None:
    assert choose_ports({"PUSH_PORT": "8080"}, lambda _: True)["SITE_PORT"] != 8080


def test_a_port_that_was_asked_for_and_is_taken_is_refused_by_the_name_of_its_variable() -> None:
    with pytest.raises(PortTaken, match="PUSH_PORT=9999"):
        choose_ports({"PUSH_PORT": "9999"}, lambda port: port != 9999)


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1", "٣٠٠٠"])
def test_what_is_no_port_is_refused(value: str) -> None:
    with pytest.raises(PortTaken, match="not a port number"):
        choose_ports({"PUSH_PORT": value}, lambda _: True)


def test_two_variables_may_not_ask_for_the_same_port() -> None:
    with pytest.raises(PortTaken, match="same port"):
        choose_ports({"PUSH_PORT": "9999", "SITE_PORT": "9999"}, lambda _: True)


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not is_free(server.getsockname()[1])
