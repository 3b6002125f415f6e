"""Who may push: one bearer token for each source, from the environment or made at the first start."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.settings import ConfigError

__all__ = ["Tokens", "token_variable"]

SHORTEST = 16


def token_variable(source: str) -> str:
    """Return the variable that holds a source's token: ``INGEST_TOKEN_NORTH_WIRE`` for ``north-wire``."""
    return f"INGEST_TOKEN_{source.upper().replace('-', '_')}"


class Tokens:
    """The tokens of all sources that may push. Only digests are kept, so that nothing can print a token."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        for source, token in tokens.items():
            if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
                raise ConfigError(
                    f"the token of source {source} must be at least {SHORTEST} printable ASCII characters, no spaces"
                )
        if len(set(tokens.values())) < len(tokens):
            raise ConfigError("two sources have the same token: a token says which source is sending")
        self._digests = {source: _digest(token) for source, token in tokens.items()}

    @classmethod
    def load(cls, sources: Iterable[str], *, environ: Mapping[str, str], folder: Path) -> Tokens:
        """Take each source's token from its variable, else from its file in ``folder``, made when it is not there."""
        return cls({source: environ.get(token_variable(source)) or _from_file(source, folder) for source in sources})

    def source_of(self, token: str) -> str | None:
        """Return the source that the token belongs to. Every digest is compared, so time tells nothing."""
        given, found = _digest(token), None
        for source, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                found = source
        return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _from_file(source: str, folder: Path) -> str:
    place = folder / f"{source}.token"
    try:
        if not place.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(place)
        return place.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place}: no token can be read or made by uid {os.getuid()}: {error}") from error


def _make(place: Path) -> None:
    """Make the file whole or not at all. Of replicas that start together, the first to link wins for all."""
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        place.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
