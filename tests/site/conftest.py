"""The built site, in the folder that the variable SITE names, behind a plain server of files, below its top."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def site() -> Path:
    if "SITE" not in os.environ:
        pytest.skip("needs the built site: python site/build.py out/site, and SITE=out/site")
    return Path(os.environ["SITE"]).resolve()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def stranger() -> Iterator[tuple[str, list[str]]]:
    """The address of another server, and what it was asked for."""
    asked: list[str] = []

    class Stranger(_Quiet):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Of the site: it is not at the top of its server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site.parent))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://localhost:{server.server_port}/{site.name}/"
        server.shutdown()
