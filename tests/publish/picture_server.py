"""A far server of pictures, well-meaning or not, and the pictures that it has. Each path is one way to behave."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from PIL import Image, ImageCms, ImageDraw
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.hostile_answers import drip, endless, packed, to_private

__all__ = ["FarPictures", "bomb", "encoded", "photograph", "tagged_photograph"]


def photograph(width: int = 1600, height: int = 1000, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=(30, 30, 200))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a few kilobytes that claims, and holds, gigabytes of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9))


class FarPictures:
    """Remembers which paths were asked. ``/photo.jpg`` answers with what the test sets, after ``wait`` seconds."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.body = encoded(photograph())
        self.status = 200
        self.headers: dict[str, str] = {"Content-Type": "image/jpeg"}
        self.wait = 0.0

    def app(self) -> Starlette:
        """Return the server's app."""
        ways: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/photo.jpg": self.photo,
            "/other.jpg": self.photo,
            "/drip": drip,
            "/endless": endless,
            "/packed": packed,
            "/loop": self.loop,
            "/moved": self.moved,
            "/to-private": to_private,
        }
        return Starlette(routes=[Route(path, way) for path, way in ways.items()])

    async def photo(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        await asyncio.sleep(self.wait)
        return Response(self.body, self.status, self.headers)

    async def loop(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return RedirectResponse("/loop")

    async def moved(self, _: Request) -> Response:
        return RedirectResponse("/photo.jpg", 301)


def tagged_photograph() -> bytes:
    """Return a JPEG with a camera, a place and a colour profile in it."""
    exif = Image.Exif()
    exif[0x010F] = "A camera of Ada's"
    exif[0x8298] = "Ada Quay"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(photograph(), exif=exif, icc_profile=profile, comment=b"for Ada")
