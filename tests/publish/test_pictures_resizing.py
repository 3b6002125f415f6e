"""Opening pictures that strangers made, in a process of its own."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from services.publish.pictures.resizer import make_sizes
from services.publish.pictures.resizing import Resizer
from services.publish.pictures.sizes import FILES
from services.publish.pictures.unavailable import PictureUnavailable
from tests.publish.picture_server import bomb, encoded, photograph, tagged_photograph
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy

RED, BLUE = (200, 30, 30), (30, 30, 200)


def made(data: bytes, file: str = "640.webp") -> Image.Image:
    """Make one size here, without the program around it."""
    files, _ = make_sizes(data, [file])
    return Image.open(io.BytesIO(files[file]))


async def refusal(data: bytes) -> str:
    with pytest.raises(PictureUnavailable) as failed:
        await Resizer().make(data)
    return failed.value.code


def is_like(colour: object, wanted: tuple[int, ...], slack: int = 12) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(is_ - should) <= slack for is_, should in zip(colour[:3], wanted, strict=True))


async def test_all_sizes_are_made_of_one_picture() -> None:
    sizes = await Resizer().make(encoded(photograph()))
    opened = {name: Image.open(io.BytesIO(data)) for name, data in sizes.files.items()}
    assert {name: (image.format, image.size) for name, image in opened.items()} == {
        "320.webp": ("WEBP", (320, 200)),
        "640.webp": ("WEBP", (640, 400)),
        "960.webp": ("WEBP", (960, 600)),
        "1280.webp": ("WEBP", (1280, 800)),
        "1280.jpg": ("JPEG", (1280, 800)),
    }


async def test_a_pictures_own_size_is_told() -> None:
    sizes = await Resizer().make(encoded(photograph(5_000, 3_000)))
    assert (sizes.width, sizes.height) == (5_000, 3_000)


def test_no_picture_is_made_larger_than_it_came() -> None:
    assert (made(encoded(photograph(400, 300)), "1280.webp")).size == (400, 300)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_each_format_of_the_web_is_read(kind: str) -> None:
    image = (made(encoded(photograph(), kind))).convert("RGB")
    assert is_like(image.getpixel((100, 100)), RED)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16"])
def test_each_kind_of_colour_is_read(mode: str) -> None:
    image = photograph(400, 300, "L").convert("I;16") if mode == "I;16" else photograph(400, 300, mode)
    assert (made(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))).mode == "RGB"


def test_what_shines_through_is_white_in_a_jpeg() -> None:
    image = (made(encoded(Image.new("RGBA", (400, 300), (0, 0, 0, 0)), "PNG"), "1280.jpg")).convert("RGB")
    assert is_like(image.getpixel((10, 10)), (255, 255, 255))


async def test_a_picture_that_lies_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn to the right
    sizes = await Resizer().make(encoded(photograph(1600, 1000), exif=exif))
    image = Image.open(io.BytesIO(sizes.files["640.webp"])).convert("RGB")
    assert ((sizes.width, sizes.height), image.size) == ((1000, 1600), (640, 1024))
    assert is_like(image.getpixel((320, 100)), RED)


async def test_neither_camera_nor_place_nor_profile_goes_along() -> None:
    sizes = await Resizer().make(tagged_photograph())
    images = [Image.open(io.BytesIO(data)) for data in sizes.files.values()]
    told = [(len(image.getexif()), image.info.get("icc_profile"), image.info.get("comment")) for image in images]
    assert (told, b"Ada" in b"".join(sizes.files.values())) == ([(0, None, None)] * len(FILES), False)


def test_a_broken_colour_profile_costs_nothing_but_itself() -> None:
    image = (made(encoded(photograph(), icc_profile=b"no profile" * 20))).convert("RGB")
    assert is_like(image.getpixel((100, 100)), RED)


def test_the_first_picture_of_a_moving_one_is_shown() -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in (RED, BLUE)]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    image = made(moving)
    assert (getattr(image, "n_frames", 1), is_like(image.convert("RGB").getpixel((9, 9)), RED)) == (1, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>not found</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"GIF89a",
        encoded(photograph())[:5_000],
        encoded(photograph(), "TIFF"),
        encoded(photograph(), "BMP"),
        b"\xff\xd8\xff" + os.urandom(5_000),
    ],
    ids=["nothing", "html", "svg", "pdf", "a stub", "cut off", "tiff", "bmp", "noise"],
)
async def test_what_is_no_picture_of_the_web_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert await refusal(data) == "not_a_picture"


async def test_a_bomb_is_refused_before_it_goes_off() -> None:
    started = time.monotonic()
    assert (len(bomb()) < 20_000, await refusal(bomb())) == (True, "too_many_pixels")
    assert time.monotonic() - started < 5


async def test_a_picture_that_is_one_long_line_is_refused() -> None:
    assert await refusal(encoded(Image.new("1", (40_000, 50)), "PNG")) == "too_many_pixels"


async def test_a_counter_is_no_picture() -> None:
    assert await refusal(encoded(Image.new("RGB", (1, 1)), "GIF")) == "too_small"


async def test_the_largest_pictures_that_are_taken_fit_into_the_memory() -> None:
    await Resizer().make(encoded(Image.new("RGBA", (3_400, 3_400), (9, 9, 9, 200)), "WEBP", method=0))
    await Resizer().make(encoded(photograph(8_000, 6_000), quality=50, progressive=True))


async def test_a_program_that_hangs_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(PictureUnavailable, match="too_crowded"):
        await Resizer(seconds=0.001).make(encoded(photograph()))
    assert time.monotonic() - started < 5
    await wait_until(lambda: not children_with("resizer.py"))


def children_with(word: str) -> list[str]:
    """Return the command lines of our own children that hold a word."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rpartition(")")[2].split()[1]
            line = status.with_name("cmdline").read_text()
        except OSError:
            continue
        if parent == str(os.getpid()) and word in line:
            found.append(line)
    return found


async def test_the_program_is_given_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys\nsys.stdout.write('too_small' if 'SECRET' not in os.environ else 'x')\nsys.exit(3)\n"
    )
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setattr("services.publish.pictures.resizing.PROGRAM", spy)
    assert await refusal(b"") == "too_small"


@pytest.mark.parametrize(
    ("ending", "code", "lasts"),
    [
        ("os.kill(os.getpid(), signal.SIGXCPU)", "too_costly", True),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "too_costly", True),
        ("bytearray(2**60)", "too_costly", True),
        ("os.kill(os.getpid(), signal.SIGKILL)", "too_crowded", False),
    ],
    ids=["time", "a fault", "memory", "killed"],
)
async def test_a_program_that_is_ended_costs_its_picture_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str, code: str, *, lasts: bool
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(f"import os, resource, signal\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{ending}\n")
    with monkeypatch.context() as patched:
        patched.setattr("services.publish.pictures.resizing.PROGRAM", spy)
        with pytest.raises(PictureUnavailable) as ended:
            await Resizer().make(b"")
    assert (ended.value.code, ended.value.lasts) == (code, lasts)
