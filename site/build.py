"""Builds the site: `python site/build.py OUT`. Needs `pip install "stepgrad[site]"`, and nothing from the network.

Sphinx makes pages of the lessons, the reference and the gallery; what is written by hand is copied. OUT works
from any path of any server of files. Built twice, it is the same byte for byte.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

# before anything reads them: results are to depend on nothing around
os.environ.update(SOURCE_DATE_EPOCH="1735689600", LANGUAGE="en", PYTHONHASHSEED="0", STEPGRAD_ENGINE="python")
sys.path[:0] = [str(HERE), str(ROOT)]

import front  # noqa: E402
import gallery  # noqa: E402
import guides  # noqa: E402
import lessons  # noqa: E402
import playground  # noqa: E402
import reference  # noqa: E402


def build(out: Path) -> None:
    """Write the site into the folder `out`, which is emptied first. Raises RuntimeError for one that is no site."""
    if out.exists() and any(out.iterdir()) and not (out / "players").exists():
        raise RuntimeError(f"{out} is not empty, and no site: give the name of a new folder")
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        shutil.copytree(HERE / "pages", source)
        lessons.write(source, out)
        reference.write(source)
        guides.write(source)
        gallery.write(source, out)
        options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE), "-d", str(Path(scratch) / "doctrees")]
        subprocess.run([sys.executable, "-m", "sphinx", *options, str(source), str(out)], check=True)
    for name in (".buildinfo", "_sources", "py-modindex.html"):
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    header = (HERE / "header.html").read_text(encoding="utf-8")
    front.write(out, header)
    playground.write(out, header)
    worker = (HERE / "service_worker.js").read_text(encoding="utf-8")
    (out / "service_worker.js").write_text(worker.replace("@@version@@", version(out)), encoding="utf-8")


def version(out: Path) -> str:
    """A number made of all that stands in `out`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the site into a folder.")
    parser.add_argument("out", type=Path)
    build(parser.parse_args().out)
