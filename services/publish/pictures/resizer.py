"""A program that makes the sizes of one picture: the file in on standard input, what was made out on standard output.

It runs alone, without the service's secrets and within limits of memory, time and files, as what it opens was made by
a stranger and decoders are written in C: ``python -I resizer.py FILE…`` with files such as ``640.webp``.

Answers: a line of JSON, then the files in that order, status 0; or the code of a refusal, status 3.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

__all__ = ["REFUSED", "Refusal", "make_sizes"]

REFUSED = 3
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = {"JPEG": 50_000_000}
"""A JPEG is read at a fraction of its size where it is large; all others are read whole."""
MOST_PIXELS_WHOLE = 12_000_000
LONGEST_SIDE = 30_000
SMALLEST_SIDE = 40
"""Pixels: less is a counter, and no picture."""
MEMORY = 448 * 2**20
"""Bytes of address space. A photograph of twelve megapixels takes 60 MiB as JPEG and 270 as WebP."""
CPU_SECONDS = 15
WEBP = {"quality": 78, "method": 4}
JPEG = {"quality": 82, "progressive": True, "optimize": True}


class Refusal(Exception):
    """What came is nothing to show; the message is a stable code."""


def make_sizes(data: bytes, files: Sequence[str]) -> tuple[dict[str, bytes], tuple[int, int]]:
    """Return the files by name, and width and height of the picture. None is wider than the picture itself.

    Raises:
        Refusal: ``not_a_picture``, ``too_many_pixels`` or ``too_small``.
    """
    widths = {file: int(file.partition(".")[0]) for file in files}
    image, size = _opened(data, max(widths.values()))
    made: dict[str, bytes] = {}
    for file, width in sorted(widths.items(), key=lambda pair: -pair[1]):
        across = min(width, size[0])
        tall = max(1, round(size[1] * across / size[0]))
        small = image.resize((across, tall), Image.Resampling.LANCZOS, reducing_gap=2.0)
        small.info = {}  # colour profile, camera, place and comments would go along
        made[file] = _written(small, file)
    return made, size


def _opened(data: bytes, width: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture upright and in the colours of the web, and its own size: it may be read at a fraction."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
        size = image.size
        _within_bounds(size, image.format or "")
        image.draft(None, (width, width))
        image.load()
        turned = image.getexif().get(0x0112, 1) >= 5  # the orientations that lie on their side
        upright = ImageOps.exif_transpose(image)
        return _in_web_colours(upright), size[::-1] if turned else size
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        # Five decoders read a stranger's bytes; what none is documented to raise is still the picture's fault.
        raise Refusal("not_a_picture") from error


def _within_bounds(size: tuple[int, int], kind: str) -> None:
    """Judge by what the header claims, before anything is decoded."""
    if size[0] * size[1] > MOST_PIXELS.get(kind, MOST_PIXELS_WHOLE) or max(size) > LONGEST_SIDE:
        raise Refusal("too_many_pixels")
    if min(size) < SMALLEST_SIDE:
        raise Refusal("too_small")


def _in_web_colours(image: Image.Image) -> Image.Image:
    """Return RGB, or RGBA where something shines through."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    see_through = "A" in image.getbands() or "transparency" in image.info
    profile = image.info.get("icc_profile")
    if profile and not see_through:
        try:
            image = _in_srgb(image, profile)
        except (ImageCms.PyCMSError, OSError):
            image.info.pop("icc_profile")  # it is broken: the colours are shown as they stand
    return image.convert("RGBA" if see_through else "RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return converted or image


def _written(image: Image.Image, file: str) -> bytes:
    out = io.BytesIO()
    if file.endswith(".webp"):
        image.save(out, "WEBP", **WEBP)
    else:
        (image if image.mode == "RGB" else _on_white(image)).save(out, "JPEG", **JPEG)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def limit() -> None:
    """Bound what a decoder may take. Whatever it is talked into, it opens few further files and writes to none."""
    if sys.platform == "linux":
        # If the container runs out of memory all the same, it is this program that is ended and not the site.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # macOS knows no such limit
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    os.nice(10)


def main() -> int:
    """Serve one request; return the exit status."""
    Image.init()  # every decoder is loaded before files can be opened no more
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # ours are stricter, and known to callers by code
    limit()
    try:
        made, size = make_sizes(sys.stdin.buffer.read(), sys.argv[1:])
    except Refusal as refusal:
        sys.stdout.write(str(refusal))
        return REFUSED
    except MemoryError:
        sys.stdout.write("too_costly")
        return REFUSED
    head = {"width": size[0], "height": size[1], "files": {file: len(data) for file, data in made.items()}}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(made.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
