"""Players' pages in a browser: Debian's Chromium, driven by Playwright, and axe-core from npm."""

import os
import shutil
from pathlib import Path
from typing import Any, Self

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(os.environ.get("NODE_PATH", "node_modules")) / "axe-core" / "axe.min.js"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def eventually(page: Any, condition: str) -> None:
    """Wait until this holds in the page, whose policy forbids Playwright's own way to wait for it."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {condition}")


class OpenPage:
    """An open page; it fails the test if it complains or asks for anything."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 760}, **context})
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if not error:
            assert self.complaints == []
            asked = [url for url in self.requests if not url.startswith("blob:")]  # a worker, held by the page
            assert asked == [self.file.as_uri()]
        self.context.close()

    def click(self, name: str) -> None:
        self.page.click(f"#{name}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, name: str) -> str:
        return str(self.page.inner_text(f"#{name}"))

    @property
    def position(self) -> int:
        return int(self.text("count").split("/")[0])

    def violations(self) -> list[Any]:
        """What axe-core finds fault with."""
        if not AXE.exists():
            pytest.skip("needs axe-core: npm install axe-core, or NODE_PATH to where it is")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]]
