"""Old wires and e-mail, damaged as lines and mail servers damage them: read or refused, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.items import UnreadableCopy
from services.ingest.parse import Refusal, parse
from tests.ingest.parse.golden import FIXTURES, HINTS

FOLDERS = ["iptc7901", "anpa1312", "zczc", "rfc822"]
KINDS = {
    "iptc7901": "text/vnd.iptc.7901",
    "anpa1312": "text/vnd.iptc.anpa",
    "zczc": "text/x-zczc",
    "rfc822": "message/rfc822",
}
COPY = {
    folder: [path.read_bytes() for path in sorted((FIXTURES / folder).iterdir()) if path.suffix in {".wire", ".eml"}]
    for folder in FOLDERS
}
SHARDS = st.sampled_from(
    [
        *(b"\x01", b"\x02", b"\x03", b"\x16\x16\x01a0001\x1f", b"\x1f", b"\x1b[", b"\x82", b"\xff", b"^", b"<", b"\t"),
        *(b"\r\n", b"\r\n\r\n", b"\nZCZC A1\n", b"\nNNNN\n", b"KILL", b"1st Add", b"EMBARGOED UNTIL ", b"31-99 9999"),
        *(b"296199 GMT Feb 30", b"Content-Type: multipart/mixed; boundary=bb\r\n", b"--bb\r\n", b"=?utf-8?b?", b"?="),
        *(b"Content-Type: message/rfc822\r\n\r\n", b"charset=\0", b"; filename*0*=x''%ff", b"charset=utf-7"),
        *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"Date: ", b"From: "),
    ]
)
SLOW_ON_A_BUSY_MACHINE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def is_sound(body: bytes, content_type: str | None) -> bool:
    started = time.process_time()
    try:
        parsed = parse(body, content_type=content_type, hints=HINTS)
    except UnreadableCopy as problem:
        return problem.code in set(Refusal) - {Refusal.PARSER_FAILED}
    finally:
        assert time.process_time() - started < 5
    for item in parsed.items:
        repr(item).encode()
    return all(item.published is None or item.published.tzinfo is not None for item in parsed.items)


@pytest.mark.parametrize("folder", FOLDERS)
@SLOW_ON_A_BUSY_MACHINE
@given(body=st.binary(max_size=300))
def test_arbitrary_bytes_are_read_or_refused(folder: str, body: bytes) -> None:
    assert is_sound(body, KINDS[folder])


@pytest.mark.parametrize("folder", FOLDERS)
@SLOW_ON_A_BUSY_MACHINE
@given(data=st.data())
def test_damaged_copy_is_read_or_refused(folder: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(COPY[folder]))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 60))
        body = body[:at] + data.draw(SHARDS | st.binary(max_size=6)) + body[at + cut :]
    assert is_sound(body, data.draw(st.sampled_from([None, KINDS[folder]])))
