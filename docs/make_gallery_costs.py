"""Writes what each work of the gallery costs into its page, from one run of the benchmark:

python -m benchmarks --only gallery --json | python -m docs.make_gallery_costs
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.report import duration
from benchmarks.works import GALLERY, OURS

PAGE = Path(__file__).with_name("gallery.md")
NAMES = {"jax": "JAX", "torch": "PyTorch", "casadi": "CasADi"}


def costs(title: str, seconds: Mapping[str, float], ready: Mapping[str, float]) -> str:
    """Two lines: the time of one, and until the first was done."""
    peers = [name for name in NAMES if seconds.get(name)]
    times = {name: seconds[name] / seconds[OURS] for name in peers}
    ratios = ", ".join(
        f"{NAMES[name]} {time:,.0f} x" if time > 9.5 else f"{NAMES[name]} {time:.1f} x" for name, time in times.items()
    )
    firsts = ", ".join(f"{NAMES[name]} {duration(ready[name])}" for name in peers)
    return (
        f"**Costs**, {title}: {duration(seconds[OURS])} here; {ratios}.\n"
        f"The first after {duration(ready[OURS])} here; {firsts}.\n"
    )


def main() -> None:
    found = json.load(sys.stdin)
    page = re.sub(r"\*\*Costs\*\*.*\n.*\n\n", "", PAGE.read_text(encoding="utf-8"))
    for work in GALLERY:
        before, link, after = page.partition(f"(../examples/{work.name}.py)")
        section, ending, rest = after.partition("\n## " if "\n## " in after else "\nThere is also")
        told = costs(work.title, found["seconds"][work.name], found["ready_seconds"][work.name])
        page = f"{before}{link}{section}\n{told}{ending}{rest}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
