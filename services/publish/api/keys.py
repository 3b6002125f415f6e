"""Who may ask, where the newsroom gives out keys: a bearer token for each name, from the environment.

Only SHA-256 digests are kept, so that nothing can print a key. Keys are to be random, so that their digest needs no
salt and no slow function: there is no list of likely ones to try.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

from shared.settings import ConfigError

__all__ = ["Keys", "hash_variable", "key_variable"]

SHORTEST = 16
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


def key_variable(name: str) -> str:
    """Return the variable that holds a key: ``PUBLISH_API_KEY_NORTH_APP`` for ``north-app``."""
    return f"PUBLISH_API_KEY_{name.upper().replace('-', '_')}"


def hash_variable(name: str) -> str:
    """Return the variable that holds the digest of a key instead, where the key itself is kept elsewhere."""
    return f"PUBLISH_API_KEY_HASH_{name.upper().replace('-', '_')}"


class Keys:
    """The keys that open the API. With none of them, it is open to all."""

    def __init__(self, digests: Mapping[str, bytes]) -> None:
        self._digests = dict(digests)
        if len(set(self._digests.values())) < len(self._digests):
            raise ConfigError("api.keys: two names have the same key: a key says who is asking")

    @classmethod
    def load(cls, names: Iterable[str], environ: Mapping[str, str]) -> Keys:
        """Take each key, or its digest, from its variable.

        Raises:
            ConfigError: a name has neither, or what it has is no key.
        """
        return cls({name: _digest_of(name, environ) for name in names})

    def __len__(self) -> int:
        return len(self._digests)

    def owner_of(self, key: str) -> str | None:
        """Return whose key it is. Every digest is compared, so time tells nothing."""
        given, found = _digest(key), None
        for name, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                found = name
        return found


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _digest_of(name: str, environ: Mapping[str, str]) -> bytes:
    if key := environ.get(key_variable(name)):
        if len(key) < SHORTEST or not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigError(f"{key_variable(name)} must be at least {SHORTEST} printable ASCII characters, no spaces")
        return _digest(key)
    written = environ.get(hash_variable(name))
    if not written:
        raise ConfigError(f"api.keys: {name} has no key: set {key_variable(name)} or {hash_variable(name)}")
    found = _DIGEST.fullmatch(written.strip().lower())
    if found is None:
        raise ConfigError(f"{hash_variable(name)} must be the SHA-256 of the key in 64 hexadecimal digits")
    return bytes.fromhex(found[1])
