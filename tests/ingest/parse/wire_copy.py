"""Small transmissions for tests: only what a test is about is said, the rest is made up here."""

from __future__ import annotations

__all__ = ["anpa", "iptc7901", "zczc"]

TEXT = "The ferry returned to service on Monday. Crews were glad of it."


def iptc7901(
    *above: str,
    first: str = "hwn0412 4 i 92",
    text: str = TEXT,
    stamp: str = "040512 GMT Mar 24",
    encoding: str = "utf-8",
) -> bytes:
    """Return IPTC 7901 with the lines ``above`` the text, the keyword line first."""
    lines = above or ("Ferry/", "Ferry returns")
    return "\r\n".join([f"\x01{first}", "", *lines, f"\x02{text}", f"\x03{stamp}", "\x04"]).encode(encoding)


def anpa(
    *above: str,
    first: str = "a0123\x1fhwval",
    second: str = "r e\x13\x11BC-Ferry   03-04 0100",
    text: str = TEXT,
    stamp: str = "HW-WF-03-04-24 0512GMT",
) -> bytes:
    """Return ANPA 1312 with the lines set by themselves ``above`` the text, the slug first."""
    head = "".join(f"^{line}<\r\n" for line in above or ("BC-Ferry,100", "Ferry returns"))
    return f"\x16\x16\x01{first}\r\n{second}\r\n\x02{head}\t{text}\r\n\x03{stamp}<\r\n".encode()


def zczc(*header: str, text: str = TEXT, first: str = "HWA0211") -> bytes:
    """Return ZCZC with the lines of its header."""
    return "\r\n".join([f"ZCZC {first}", *(header or ("#FERRY", "$Ferry returns")), "", text, "", "NNNN", ""]).encode()
