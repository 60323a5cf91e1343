"""Writing files so that an interruption leaves the old file or the new one, never half of one."""

import errno
import os
import tempfile
from pathlib import Path


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write `content` to `path` in one step. Raises OSError, with the file as it was, if that can't be done."""
    target = Path(path).resolve()  # a link stays, and leads to the new file
    if target.exists() and not target.is_file():  # a folder, or a device such as /dev/null
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".unfinished.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)  # as an ordinary file would have; a temporary one is private
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
