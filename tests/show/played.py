"""What tests of the player play, and the page in a browser."""

import json
import re
from pathlib import Path
from typing import Any

from pages import OpenPage, eventually

from autograd import Value, steps, tanh
from autograd.show.player import Player
from nn import MLP

LABELS = [
    "</script><script>window.injected = 1</script>",
    "<img src=x onerror='window.injected = 1'>",
    "<!--<script>",
    "\"quoted\" 'twice' & &amp; \\N ${lesson} $script {node}",
    "two\nlines\tand\x00more\u202eesrever",
    "a" * 500,
    "מספר ראשון",
    "👩‍🔬🧪",
    "한글",
    "__proto__",
]


def example() -> Value:
    """tanh(a * b + c) * a: one Value is used twice, and the forward pass takes 4 steps, the backward pass 7."""
    a, b, c = Value(0.5, label="a"), Value(-3.0, label="b"), Value(1.0, label="c")
    loss = tanh(a * b + c) * a
    loss.label = "loss"
    return loss


def network(hidden: int) -> Value:
    loss = (MLP(2, [hidden, hidden, 1], activation="tanh", rng=0)([0.5, -1.0]) - 1) ** 2
    loss.label = "loss"
    return loss


def embedded(player: Player) -> Any:
    [lesson] = re.findall(r'<script type="application/json" id="lesson">(.*?)</script>', player.source, re.DOTALL)
    return json.loads(lesson)


def tree(leaves: int) -> Value:
    """A graph of 5 * leaves - 4 Values that has nothing to fold."""
    values = [Value(1 + i / leaves) for i in range(leaves)]
    while len(values) > 1:
        values = [tanh(a * b * 2) for a, b in zip(values[::2], values[1::2], strict=True)]
    return values[0]


class Page(OpenPage):
    """A page in the browser that plays `loss`."""

    def __init__(
        self, browser: Any, folder: Path, loss: Value, language: str = "en", forward_only: bool = False, **context: Any
    ) -> None:
        file = folder / "lesson.html"
        steps(loss, forward=forward_only).player(language=language).save(file)  # type: ignore[arg-type]
        self.loss = loss
        super().__init__(browser, file, **context)

    def text(self, name: str) -> str:
        """What the element says, with hyphens for minus signs, as Python writes."""
        return super().text(name).replace("\N{MINUS SIGN}", "-")

    def eventually(self, condition: str) -> None:
        eventually(self.page, condition)

    def numbers(self, i: int) -> dict[str, str]:
        """Data and gradient that the drawing shows for the i-th Value."""
        texts = self.page.locator(f"#v{i} text").all_text_contents()
        pairs = [text.replace("\xa0", " ").replace("\N{MINUS SIGN}", "-").split() for text in texts[-2:]]
        return dict(pairs)

    def lit(self, part: str) -> set[str]:
        return set(self.page.eval_on_selector_all(f"#stage .{part}", "found => found.map(x => x.id)"))
