"""Makes player.gif, the moving picture of the player in the README: forwards, backwards, and some updates.

Needs Chromium, `pip install "stepgrad[browser]" pillow`, a font with Korean letters (fonts-nanum, say), and to be run
from the repository's root:

    python docs/make_player_picture.py
"""

import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from autograd import Value, steps

PICTURE = Path(__file__).with_name("player.gif")
SIZE = {"width": 1180, "height": 680}
MILLISECONDS = {"start": 1500, "forward": 900, "seed": 1800, "backward": 1800, "last": 3000, "update": 1500}
UPDATES = 4


def error() -> Value:
    """How far a line is from 0, squared: so small a graph is seen whole, and never moves."""
    w, b = Value(3.0, label="w"), Value(1.0, label="b")
    x = Value(0.5, label="x", requires_grad=False)
    loss = (w * x + b) ** 2
    loss.label = "loss"
    return loss


def photograph(page: Page) -> tuple[list[Image.Image], list[int]]:
    """A picture of every step and of some updates, and for how long each is shown."""
    pictures, durations = [], []
    last = int(page.get_attribute("#slider", "max") or 0)
    for i in range(last + 1):
        pictures.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
        kind = page.get_attribute("body", "data-kind") or ""
        durations.append(MILLISECONDS["last" if i == last else kind])
        page.keyboard.press("ArrowRight")
    page.fill("#rate", "-10")  # tenths of a decade
    for _ in range(UPDATES):
        page.click("#update")
        pictures.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
        durations.append(MILLISECONDS["update"])
    return pictures, durations


def main() -> None:
    if not subprocess.run(["fc-list", ":lang=ko"], capture_output=True, check=True).stdout:
        raise SystemExit("no font here has Korean letters: the picture would show boxes")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "error.html"
        steps(error()).player("en").save(file)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(file.as_uri())
        pictures, durations = photograph(page)
        browser.close()
    # the colours of all steps at once, so that none of them flickers
    together = Image.new("RGB", (SIZE["width"], SIZE["height"] * len(pictures)))
    for i, picture in enumerate(pictures):
        together.paste(picture, (0, i * SIZE["height"]))
    palette = together.quantize(128)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    frames[0].save(PICTURE, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)


if __name__ == "__main__":
    main()
