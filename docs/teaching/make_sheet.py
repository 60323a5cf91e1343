"""Makes docs/teaching/sheet.html and sheet.ko.html: a graph to print and to fill in by hand, forwards and backwards.

To be run from the repository's root:

    python docs/teaching/make_sheet.py
"""

import re
from pathlib import Path
from string import Template

from autograd import Value
from autograd.graph import topological_order
from autograd.show.drawing import picture

FOLDER = Path(__file__).parent
PAGE = Template(
    """<!doctype html>
<html lang="$language">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
  @page { size: A4 landscape; margin: 12mm }
  body { font: 12pt/1.45 system-ui, sans-serif; color: #111; background: #fff }
  body { max-width: 270mm; margin: 8mm auto; padding: 0 4mm }
  h1 { font-size: 15pt; margin: 0 }
  header { display: flex; justify-content: space-between; gap: 2em; flex-wrap: wrap }
  figure { margin: 3mm 0; overflow-x: auto }
  svg { width: 100%; min-width: 600px; height: auto; max-height: 78mm }
  ol { margin: 0; padding-left: 1.4em }
  table { border-collapse: collapse; margin: 2mm 0 }
  td { border: 1px solid #555; padding: 1mm 4mm }
  .line { display: inline-block; min-width: 5em; border-bottom: 1px solid #111 }
</style>
<header><h1>$title</h1><span>$name <span class="line" style="min-width: 14em"></span></span></header>
<p>$intro</p>
<figure>$graph</figure>
<table><tr>$rules</tr></table>
<ol>$tasks</ol>
</html>
"""
)
LINE = '<span class="line"></span>'
WORDS = {
    "en": {
        "title": "Who is responsible?",
        "name": "Name",
        "intro": "3 hours of work. We predict the pay as w · 3 + b; it was 7. The loss is the error, squared.",
        "rules": ["p + q passes on 1 &times;", "p · q passes on the other factor &times;", "p² passes on 2p &times;"],
        "tasks": [
            "<b>Forwards.</b> Fill in <i>data</i>, from left to right.",
            "<b>Backwards.</b> Begin with 1 at the loss: <i>grad</i> is the node's gradient &times; local derivative.",
            f"Which number is most responsible? {LINE} Is <i>w</i> too large, or too small? {LINE} How do you know?",
            f"Update with the learning rate 0.02: new w = {LINE} new b = {LINE} The loss then is {LINE}",
        ],
    },
    "ko": {
        "title": "누구의 책임일까?",
        "name": "이름",
        "intro": "3시간 일하고 받을 돈을 w · 3 + b로 예측했는데 7을 받았습니다. 손실은 오차의 제곱입니다.",
        "rules": ["p + q는 1배를 넘겨줍니다", "p · q는 다른 쪽 수의 배를 넘겨줍니다", "p²은 2p배를 넘겨줍니다"],
        "tasks": [
            "<b>앞으로.</b> 왼쪽에서 오른쪽으로 <i>data</i>를 채우세요.",
            "<b>뒤로.</b> 손실의 1에서 시작해 <i>grad</i>를 채우세요. 노드의 기울기 &times; 국소 미분입니다.",
            f"책임이 가장 큰 수는? {LINE} <i>w</i>는 너무 큰가요, 너무 작은가요? {LINE} 어떻게 알 수 있나요?",
            f"학습률 0.02로 갱신하면 새 w = {LINE} 새 b = {LINE} 그때 손실은 {LINE}",
        ],
    },
}


def graph() -> str:
    """The machine of the lessons, whose numbers are to be filled in."""
    w, b = Value(1.0, label="w"), Value(1.0, label="b")
    wage = w * 3
    prediction = wage + b
    error = prediction - 7
    loss = error**2
    for node, label in [(wage, "wage"), (prediction, "prediction"), (error, "error"), (loss, "loss")]:
        node.label = label
    nodes = topological_order(loss)

    def lines(node: Value) -> list[str]:
        if not node.requires_grad:
            return [f"{node.data:g}"]
        return [node.label, f"data {'1' if node.is_leaf else '':_>6}", f"grad {'':_>6}"]

    svg = picture(nodes, lines, nodes).svg()
    return re.sub(r"<!--.*?-->\s*|<title>.*?</title>\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def sheet(language: str) -> str:
    """The page, in one of the two languages."""
    words = WORDS[language]
    return PAGE.substitute(
        language=language,
        title=words["title"],
        name=words["name"],
        intro=words["intro"],
        graph=graph(),
        rules="".join(f"<td>{rule}</td>" for rule in words["rules"]),
        tasks="".join(f"<li>{task}</li>" for task in words["tasks"]),
    )


def main() -> None:
    (FOLDER / "sheet.html").write_text(sheet("en"), encoding="utf-8")
    (FOLDER / "sheet.ko.html").write_text(sheet("ko"), encoding="utf-8")


if __name__ == "__main__":
    main()
