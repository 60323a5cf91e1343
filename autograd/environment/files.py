"""Writing files so that an interruption leaves the old file or the new one, never half of one."""

import contextlib
import errno
import os
import sys
import tempfile
from pathlib import Path

_PREFIX = ".unfinished."


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write `content` to `path` in one step. Raises OSError, with the file as it was, if that can't be done.

    What an earlier process that was killed left unfinished in the same folder is removed.
    """
    target = Path(path).resolve()  # a link stays, and leads to the new file
    if target.exists() and not target.is_file():  # a folder, or a device such as /dev/null
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    try:
        _remove_unfinished(target.parent)
        descriptor, temporary = _begun(target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                mask = os.umask(0)
                os.umask(mask)
                temporary.chmod(0o666 & ~mask)  # as an ordinary file would have; a temporary one is private
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def check_writable(folder: str | Path) -> None:
    """Raises OSError if no file can be written there: before the work is done whose result would be lost."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from None


def _begun(folder: Path) -> tuple[int, Path]:
    """Create a temporary file, locked while it is written: the lock shows others that its writer is alive."""
    while True:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX)
        with contextlib.suppress(BlockingIOError):
            _lock(descriptor)
            if Path(name).exists():
                return descriptor, Path(name)
        os.close(descriptor)  # another process took it for one that was left


def _remove_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), left.open("rb") as file:  # it may be another's, or gone by now
            _lock(file.fileno())
            left.unlink()


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        """Needs no lock: a file that somebody writes to can't be removed."""

else:
    from fcntl import LOCK_EX, LOCK_NB, flock

    def _lock(descriptor: int) -> None:
        """Raises OSError if another process has locked the file. A lock ends with the process."""
        flock(descriptor, LOCK_EX | LOCK_NB)
