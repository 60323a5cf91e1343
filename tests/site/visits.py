"""A visit to the site: a page in Chromium that fails its test if it complains, or asks another server for anything."""

from typing import Any, Self

import pytest
from pages import AXE


class Visit:
    """An open page of the site."""

    def __init__(self, browser: Any, site: str, page: str, **context: Any) -> None:
        self.site, self.complaints, self.requests = site, [], []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **context})
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(site + page)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        elsewhere = [url for url in self.requests if not url.startswith((self.site, "blob:", "data:"))]
        self.context.close()
        if not error:
            assert self.complaints == [], self.complaints
            assert elsewhere == []

    def player(self, selector: str = "#player") -> Any:
        """What stands inside a frame."""
        return self.page.frame_locator(selector)

    def violations(self) -> list[Any]:
        """What axe-core finds serious in the page; not in its frames, which have tests of their own."""
        if not AXE.exists():
            pytest.skip("needs axe-core: npm install axe-core, or NODE_PATH to where it is")
        source = AXE.read_text(encoding="utf-8")
        found = self.page.evaluate(f"{source}; axe.run(document, {{resultTypes: ['violations'], iframes: false}})")
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        return [(v["id"], [node["html"] for node in v["nodes"]]) for v in serious]

    def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))
