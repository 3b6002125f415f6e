"""Addresses of our files of a picture. Each is signed, so that nobody can have us fetch or make what no page shows."""

from __future__ import annotations

import base64
import hashlib
import hmac

__all__ = ["Signer"]

SIGNATURE_BYTES = 18
"""144 bits, 24 letters."""


class Signer:
    """Signs with the key that all replicas share. Another key changes the address of every picture."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def path(self, story_id: str, address: str, file: str) -> str:
        """Return the path of ``file``, one of the sizes, of the picture that lies at ``address``."""
        return f"/picture/{story_id}/{self.signature(story_id, address, file)}/{file}"

    def signature(self, story_id: str, address: str, file: str) -> str:
        """Return the signature: it is of this story, this address and this file, and of no other."""
        told = f"{story_id}\n{address}\n{file}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, told, hashlib.sha256).digest()[:SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(digest).decode("ascii")

    def is_signed(self, signature: str, story_id: str, address: str, file: str) -> bool:
        """Tell whether a signature is ours, in the same time whether or not it nearly is."""
        return hmac.compare_digest(signature.encode(), self.signature(story_id, address, file).encode())
