"""A drop folder on a real file system: what strangers may leave in it, and where it goes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.ingest.folders import dropfolder
from services.ingest.folders.dropfile import Verdict
from services.ingest.folders.dropfolder import DropFolder, Found

TAKEN = Verdict("f" * 32, "a" * 64)
REFUSED = Verdict("f" * 32, "a" * 64, "no_content", "an empty body")
MOST = 1_000


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox" / "demo"


@pytest.fixture
def folder(inbox: Path) -> Iterator[DropFolder]:
    opened = DropFolder(inbox)
    yield opened
    opened.close()


def take(folder: DropFolder, number: int = 0) -> Found | None:
    """Look, and take one of the files found."""
    return folder.take(folder.look()[number], most=MOST)


def taken(folder: DropFolder) -> Found:
    found = take(folder)
    assert found is not None
    return found


def put(inbox: Path, name: str, text: str = "A story.", *, age: float = 0) -> Path:
    place = inbox / name
    place.write_text(text)
    moment = place.stat().st_mtime - age
    os.utime(place, (moment, moment))
    return place


def test_folder_is_made_where_it_is_missing(inbox: Path, folder: DropFolder) -> None:
    assert folder.look() == []
    assert {place.name for place in inbox.iterdir()} == {".taking", "done", "rejected"}


def test_oldest_file_is_first(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "new.txt")
    put(inbox, "old.txt", age=60)
    assert [seen.name for seen in folder.look()] == ["old.txt", "new.txt"]


def test_look_is_bounded_and_gives_the_oldest(inbox: Path, folder: DropFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropfolder, "MOST_AT_ONCE", 2)
    for age in range(5):
        put(inbox, f"{age}.txt", age=age * 60)
    assert [seen.name for seen in folder.look()] == ["4.txt", "3.txt"]


def test_file_is_read_whole(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "Ferry returns")
    assert taken(folder).body == b"Ferry returns"


def test_claimed_file_is_out_of_the_senders_way(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "first")
    found = taken(folder)
    put(inbox, "a.txt", "second")
    folder.finish(found, TAKEN)
    assert ((inbox / "done" / "a.txt").read_text(), (inbox / "a.txt").read_text()) == ("first", "second")


def test_claimed_file_that_a_crash_left_is_found_again(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "Ferry returns")
    taken(folder)
    again = DropFolder(inbox)
    body = taken(again).body
    again.close()
    assert body == b"Ferry returns"


def test_taken_file_goes_to_done(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt")
    folder.finish(taken(folder), TAKEN)
    assert [place.name for place in (inbox / "done").iterdir()] == ["a.txt"]


def test_nothing_is_left_where_it_was_claimed(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt")
    folder.finish(taken(folder), TAKEN)
    assert list((inbox / ".taking").iterdir()) == []


def test_second_file_of_a_name_gets_the_receipt_in_its_own(inbox: Path, folder: DropFolder) -> None:
    for text in ("first", "second"):
        put(inbox, "a.txt", text)
        folder.finish(taken(folder), TAKEN)
    done = {place.name: place.read_text() for place in (inbox / "done").iterdir()}
    assert done == {"a.txt": "first", f"a.txt.{'f' * 32}": "second"}


def test_refused_file_has_its_reason_beside_it(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "bad")
    folder.finish(taken(folder), REFUSED)
    assert json.loads((inbox / "rejected" / "a.txt.reason.json").read_text()) == {
        "file": "a.txt",
        "code": "no_content",
        "detail": "an empty body",
        "sha256": "a" * 64,
        "receipt": "f" * 32,
    }


def test_refused_file_is_kept(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "bad")
    folder.finish(taken(folder), REFUSED)
    assert (inbox / "rejected" / "a.txt").read_text() == "bad"


def test_reason_that_a_crash_parted_from_its_file_is_written_again(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "bad")
    found = taken(folder)
    (inbox / "rejected" / "a.txt.reason.json").write_text(json.dumps({"receipt": REFUSED.receipt}))
    folder.finish(found, REFUSED)
    assert sorted(place.name for place in (inbox / "rejected").iterdir()) == ["a.txt", "a.txt.reason.json"]


def test_reason_of_another_file_is_not_written_over(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "bad")
    (inbox / "rejected" / "a.txt.reason.json").write_text('{"receipt": "another"}')
    folder.finish(taken(folder), REFUSED)
    assert (inbox / "rejected" / "a.txt.reason.json").read_text() == '{"receipt": "another"}'


def test_finishing_twice_is_once(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt")
    found = taken(folder)
    folder.finish(found, TAKEN)
    folder.finish(found, REFUSED)
    assert list((inbox / "rejected").iterdir()) == []


@pytest.mark.parametrize("name", ["a\nb.txt", os.fsdecode(b"\xff\xfe.txt"), "-rf", "é" * 127], ids=ascii)
def test_any_name_is_taken(inbox: Path, folder: DropFolder, name: str) -> None:
    put(inbox, name)
    folder.finish(taken(folder), REFUSED)
    assert len(list((inbox / "rejected").iterdir())) == 2


def test_link_is_never_followed(inbox: Path, folder: DropFolder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for the wire")
    (inbox / "a.txt").symlink_to(tmp_path / "secret")
    found = taken(folder)
    assert (found.unfit, found.body) == ("not_a_file", b"")


def test_link_that_is_set_aside_leaves_what_it_leads_to(inbox: Path, folder: DropFolder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for the wire")
    (inbox / "a.txt").symlink_to(tmp_path / "secret")
    folder.finish(taken(folder), REFUSED)
    assert ((tmp_path / "secret").exists(), (inbox / "rejected" / "a.txt").is_symlink()) == (True, True)


def test_file_that_became_a_link_is_not_read(inbox: Path, folder: DropFolder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("A story.")
    place = put(inbox, "a.txt")
    (seen,) = folder.look()
    place.unlink()
    place.symlink_to(tmp_path / "secret")
    assert folder.take(seen, most=MOST) is None


def test_file_that_became_another_is_not_read_unlooked_at(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt", "first")
    (seen,) = folder.look()
    put(inbox, ".a.txt", "other").rename(inbox / "a.txt")
    assert folder.take(seen, most=MOST) is None


def test_second_name_of_a_file_is_refused(inbox: Path, folder: DropFolder, tmp_path: Path) -> None:
    (inbox / "a.txt").hardlink_to(put(tmp_path, "elsewhere"))
    assert taken(folder).unfit == "hard_link"


def test_pipe_keeps_nobody_waiting(inbox: Path, folder: DropFolder) -> None:
    os.mkfifo(inbox / "a.txt")
    assert taken(folder).unfit == "not_a_file"


def test_folder_with_the_name_of_a_file_is_refused(inbox: Path, folder: DropFolder) -> None:
    (inbox / "a.xml").mkdir()
    (inbox / "a.xml" / "inner").touch()
    folder.finish(taken(folder), REFUSED)
    assert (inbox / "rejected" / "a.xml" / "inner").exists()


def test_file_of_ten_gigabytes_is_not_read(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt")
    os.truncate(inbox / "a.txt", 10 * 2**30)
    assert taken(folder).unfit == "too_large"


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_refused(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt").chmod(0)
    assert taken(folder).unfit == "not_readable"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who writes")
def test_file_that_somebody_is_writing_stays(inbox: Path, folder: DropFolder) -> None:
    with (inbox / "a.txt").open("w") as writer:
        writer.write("Half a st")
        writer.flush()
        assert (take(folder), (inbox / "a.txt").exists()) == (None, True)


def test_file_that_was_written_to_its_end_is_taken(inbox: Path, folder: DropFolder) -> None:
    with (inbox / "a.txt").open("w") as writer:
        writer.write("Half a st")
        writer.flush()
        take(folder)
        writer.write("ory.")
    assert taken(folder).body == b"Half a story."


def test_file_that_went_away_is_nobodys_loss(inbox: Path, folder: DropFolder) -> None:
    place = put(inbox, "a.txt")
    (seen,) = folder.look()
    place.unlink()
    assert folder.take(seen, most=MOST) is None


@pytest.mark.parametrize("name", [".taking", "done", "rejected"])
def test_folder_of_ours_that_is_a_link_is_refused(inbox: Path, tmp_path: Path, name: str) -> None:
    inbox.mkdir(parents=True)
    (inbox / name).symlink_to(tmp_path)
    with pytest.raises(OSError, match=name):
        DropFolder(inbox)


def test_two_that_take_the_same_file_have_it_once(inbox: Path, folder: DropFolder) -> None:
    put(inbox, "a.txt")
    (seen,) = folder.look()
    other = DropFolder(inbox)
    both = [one.take(seen, most=MOST) for one in (folder, other)]
    other.close()
    assert [found is None for found in both] == [False, True]
