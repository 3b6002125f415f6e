"""Who may push: one bearer token for each source, from the environment or made at the first start.

Ingest works with SHA-256 digests alone. ``secrets/NAME.token`` is the operator's copy of a token that was made here,
and ``NAME.token.sha256`` beside it is what ingest needs: the copy may be taken away. Tokens are random, so that their
digest needs no salt and no slow function: there is no list of likely ones to try.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.settings import ConfigError

__all__ = ["Tokens", "hash_variable", "token_variable"]

SHORTEST = 16


def token_variable(source: str) -> str:
    """Return the variable that holds a source's token: ``INGEST_TOKEN_NORTH_WIRE`` for ``north-wire``."""
    return f"INGEST_TOKEN_{source.upper().replace('-', '_')}"


def hash_variable(source: str) -> str:
    """Return the variable that holds the digest of a source's token instead, where the token is kept elsewhere."""
    return f"INGEST_TOKEN_HASH_{source.upper().replace('-', '_')}"


class Tokens:
    """The tokens of all sources that may push. Only digests are kept, so that nothing can print a token."""

    def __init__(self, tokens: Mapping[str, str], *, digests: Mapping[str, bytes] | None = None) -> None:
        self._digests = {source: _checked(source, token) for source, token in tokens.items()} | dict(digests or {})
        if len(set(self._digests.values())) < len(self._digests):
            raise ConfigError("two sources have the same token: a token says which source is sending")

    @classmethod
    def load(cls, sources: Iterable[str], *, environ: Mapping[str, str], folder: Path) -> Tokens:
        """Take each source's token, or its digest, from its variable, else from its files in ``folder``.

        Where there is none of them, a token is made.
        """
        return cls({}, digests={source: _digest_of(source, environ, folder) for source in sources})

    def source_of(self, token: str) -> str | None:
        """Return the source that the token belongs to. Every digest is compared, so time tells nothing."""
        given, found = _digest(token), None
        for source, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                found = source
        return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _checked(source: str, token: str) -> bytes:
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(
            f"the token of source {source} must be at least {SHORTEST} printable ASCII characters, no spaces"
        )
    return _digest(token)


def _digest_of(source: str, environ: Mapping[str, str], folder: Path) -> bytes:
    if token := environ.get(token_variable(source)):
        return _checked(source, token)
    if written := environ.get(hash_variable(source)):
        return _read_digest(written, hash_variable(source))
    return _from_files(source, folder)


def _read_digest(text: str, place: str) -> bytes:
    digest = text.strip().lower().removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ConfigError(f"{place} must be the SHA-256 of the token in 64 hexadecimal digits")
    return bytes.fromhex(digest)


def _from_files(source: str, folder: Path) -> bytes:
    """Go by the operator's copy while it is there, so that a token is changed by writing another one into it."""
    place, hashed = folder / f"{source}.token", folder / f"{source}.token.sha256"
    try:
        if not place.exists():
            if hashed.exists():
                return _read_digest(hashed.read_text(encoding="ascii"), str(hashed))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(place, secrets.token_urlsafe(32))
        digest = _checked(source, place.read_text(encoding="ascii").strip())
        if not hashed.exists() or hashed.read_text(encoding="ascii").strip() != digest.hex():
            hashed.unlink(missing_ok=True)
            _make(hashed, digest.hex())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place}: no token can be read or made by uid {os.getuid()}: {error}") from error
    return digest


def _make(place: Path, text: str) -> None:
    """Make the file whole or not at all. Of replicas that start together, the first to link wins for all."""
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        place.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
