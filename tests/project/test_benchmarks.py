"""The benchmark: it prints what it should, knows what is missing, and trusts nobody's numbers."""

import importlib
import json
import math
import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import alone, growth, plot, report
from benchmarks.gallery import with_stepgrad
from benchmarks.race import race
from benchmarks.report import Report
from benchmarks.works import GALLERY, GALLERY_MODULES, MODULES, WORKS, Work


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a peer's programs."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "other_library.py"


def race_with_other(other: Path, program: str) -> dict[str, float | None]:
    other.write_text(program)
    modules = {"stepgrad": MODULES["stepgrad"], "other": other.stem}
    work = Work("expression", "expression", {"other": 1e9}, modules=modules)
    seconds, ready = race(work, turns=1, seconds=0.001)
    assert {name for name, time in seconds.items() if time} == {name for name, time in ready.items() if time}
    return seconds


def test_peers_that_compute_the_same_are_timed(other: Path) -> None:
    times = race_with_other(other, "from benchmarks.with_stepgrad import expression")
    assert set(times) == {"stepgrad", "other"}
    assert all(seconds is not None and 0 < seconds < 1 for seconds in times.values())


def test_peers_that_disagree_are_an_error(other: Path) -> None:
    with pytest.raises(ArithmeticError, match=r"expression: other computes \[1.0, 1.0, 1.0\], stepgrad computes"):
        race_with_other(other, "def expression():\n    return lambda: 1.0")


def test_a_library_that_is_not_there_is_missing(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = race_with_other(other, "import a_library_that_is_not_there")
    assert times["other"] is None
    assert times["stepgrad"] is not None
    assert "expression: other is left out: No module named" in capsys.readouterr().err


def test_a_program_that_fails_is_an_error(other: Path) -> None:
    with pytest.raises(RuntimeError, match="other failed at expression"):
        race_with_other(other, "def expression():\n    return lambda: 1 / 0")


def test_every_program_is_there() -> None:
    for work in (*WORKS, *GALLERY):
        for name in work.libraries:
            program = source(work.modules[name])
            called = work.program or work.name
            assert f"def {called}(" in program or f"\n{called} = " in program


def test_all_who_take_part_have_a_style_of_their_own() -> None:
    names = {name for work in (*WORKS, *GALLERY) for name in work.libraries}
    assert names == set(plot.STYLES)
    assert len(set(plot.STYLES.values())) == len(names)


def test_speed_is_drawn_over_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(growth, "LIBRARIES", {name: growth.LIBRARIES[name] for name in ("stepgrad", "numpy")})
    monkeypatch.setattr(growth, "NETWORKS", ((1, 2), (2, 3, 2)))
    monkeypatch.setattr(growth, "ROWS", (8,))
    monkeypatch.setattr(growth, "race", partial(race, seconds=0.001))
    growth.main(tmp_path / "growth.png")
    assert (tmp_path / "growth.png").stat().st_size > 10_000


def test_parameters_are_counted_with_biases() -> None:
    assert growth.parameters(2, 16, 16, 1) == 48 + 272 + 17


def source(module: str) -> str:
    return Path(__file__).parents[2].joinpath(*module.split(".")).with_suffix(".py").read_text()


@pytest.mark.parametrize("peer", ["jax", "torch", "casadi"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_gallery_is_computed_by_others_too(peer: str) -> None:
    """Those that are ready in a moment; the others are compared whenever the benchmark runs."""
    pytest.importorskip(peer)
    theirs = importlib.import_module(GALLERY_MODULES[peer])
    for name in ("option", "arm", "curve", "sampling"):
        assert float(getattr(theirs, name)()()) == pytest.approx(float(getattr(with_stepgrad, name)()()), rel=1e-9)


@pytest.mark.parametrize("name", ["equation", "memory", "convolution", "balance"])
def test_a_work_of_the_gallery_computes_the_same_again(name: str) -> None:
    step = getattr(with_stepgrad, name)()
    assert 0 < float(step()) == float(step()) < math.inf


FOUND = Report(
    seconds={
        "moons": {"stepgrad": 0.01, "micrograd": 2.0, "xad": 0.02},
        "gpt": {"stepgrad": 0.02, "micrograd": None},
        "record_moons": {"stepgrad": 0.04},
    },
    ready={"arm": {"stepgrad": 0.004, "jax": 0.2}},
    imports={"stepgrad": 0.05, "torch": None},
    sizes={10_000: (1e-7, 64.0), 10_000_000: (2e-7, 80.0)},
)


def test_the_table_shows_times_ratios_and_what_is_missing() -> None:
    table = [" ".join(line.split()) for line in FOUND.table().splitlines()]
    assert "moons, node by node 10 ms micrograd 2 s 200.0 x 150 x" in table
    assert "xad 20 ms 2.0 x 9 x" in table
    assert "scalar GPT, node by node 20 ms micrograd missing 15 x" in table
    assert "recording moons' loss, once 40 ms" in table
    assert "import 50 ms torch missing" in table
    assert "arm, Jacobian 2 x 4 4 ms jax 200 ms 50.0 x" in table
    assert "10,000 nodes 100 ns 64.0" in table


def test_every_broken_promise_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "engine", "native")
    assert list(FOUND.shortfalls()) == [
        "moons, node by node: 2.0 x xad, at least 9 x expected",
        "recording moons' loss, once: 40 ms, at most 30 ms expected",
        "import: 50 ms, at most 40 ms expected",
        "graph sizes: 80 bytes per node, at most 72 expected",
        "graph sizes: 2.0 times the time per node in the largest, at most 1.5 expected",
    ]
    assert list(Report().shortfalls()) == []


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_picture_is_drawn(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    plot.save(FOUND, path := tmp_path / f"picture.{suffix}")
    assert path.stat().st_size > 1000


def test_graphs_of_all_sizes_are_measured() -> None:
    ((size, (seconds, memory)),) = alone.graph_sizes([10_000]).items()
    assert size == 10_000
    assert 0 < seconds < 1e-3
    assert 40 < memory < 2000


def test_the_command_prints_a_table_or_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "race", lambda work, _turns: (dict.fromkeys(work.libraries, 1.0),) * 2)
    assert command.main(["--only", "expression", "--turns", "1"]) == 1
    printed = capsys.readouterr()
    assert "expression of 9 nodes" in printed.out
    assert "short: expression of 9 nodes, and its gradient: 1.0 x micrograd, at least 30 x expected" in printed.err
    assert command.main(["--only", "expression", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["seconds"]["expression"] == {"stepgrad": 1.0, "micrograd": 1.0, "xad": 1.0}
    assert found["ready_seconds"] == found["seconds"]
    assert len(found["shortfalls"]) == 1
    assert f"CPython {sys.version.split()[0]}" in found["machine"]


def test_the_gallery_may_be_chosen_by_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "race", lambda work, _turns: (dict.fromkeys(work.libraries, 1.0),) * 2)
    assert command.main(["--only", "gallery", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["seconds"]) == [work.name for work in GALLERY]


def test_disagreement_ends_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def disagree(*_: object) -> dict[str, float | None]:
        raise ArithmeticError("they disagree")

    monkeypatch.setattr(command, "race", disagree)
    assert command.main(["--only", "expression"]) == 1
    assert capsys.readouterr().err == "error: they disagree\n"
