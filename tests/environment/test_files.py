"""Files are written whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.environment import files, write_atomically


@pytest.mark.skipif(sys.platform == "emscripten", reason="files made there know no umask")
def test_a_file_has_the_new_content_and_ordinary_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    (tmp_path / "other").write_bytes(b"")
    for content in (b"old", b"\0new\r\n", b""):
        write_atomically(str(file), content)
        assert file.read_bytes() == content
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert {f.name for f in tmp_path.iterdir()} == {"a file", "other"}


@pytest.mark.parametrize("interruption", [OSError(errno.ENOSPC, "no space"), KeyboardInterrupt()])
def test_an_interruption_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: BaseException
) -> None:
    def interrupted(_: object) -> None:
        raise interruption

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(type(interruption)) as raised:
        write_atomically(tmp_path / "file", b"new")
    assert getattr(raised.value, "filename", str(tmp_path / "file")) == str(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


KILLED = """
import os, sys
from autograd.environment import write_atomically

os.fsync = lambda _: (print("writing", flush=True), sys.stdin.read())
write_atomically(sys.argv[1], b"never finished")
"""


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "file")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == b"writing"
        write_atomically(tmp_path / "other", b"while it lives")
        (unfinished,) = tmp_path.glob(".unfinished.*")
        process.kill()
    assert unfinished.exists()
    write_atomically(tmp_path / "file", b"new")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"file": b"new", "other": b"while it lives"}


def test_a_file_that_was_removed_before_it_was_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = files._lock

    def removed_first(_: int) -> None:
        monkeypatch.setattr(files, "_lock", lock)
        for file in tmp_path.glob(".unfinished.*"):
            file.unlink()

    monkeypatch.setattr(files, "_lock", removed_first)
    write_atomically(tmp_path / "file", b"new")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"new"]


def test_a_link_stays_and_leads_to_the_new_content(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["folder", os.devnull])
def test_folders_and_devices_are_not_replaced(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="it is not an ordinary file") as error:
        write_atomically(tmp_path / path, b"")
    assert error.value.filename == str(tmp_path / path)


def test_a_missing_folder_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No such file or directory") as error:
        write_atomically(tmp_path / "missing" / "file", b"")
    assert error.value.filename == str(tmp_path / "missing" / "file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError) as error:
        write_atomically(tmp_path / "file", b"")
    assert error.value.filename == str(tmp_path / "file")
