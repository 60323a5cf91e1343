"""The examples: that they run, learn, and are right."""

import subprocess
import sys
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

from autograd import Value, gradcheck
from examples import gpt

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> gpt.GPT:
    """A network for words of the letters a and b, four numbers wide."""
    monkeypatch.setattr(gpt, "ALPHABET", ".ab")
    monkeypatch.setattr(gpt, "LONGEST", 3)
    return gpt.GPT(width=4, heads=2, rng=Random(1))


def test_the_gpt_has_about_four_thousand_parameters() -> None:
    assert len(gpt.GPT().parameters()) == 4192


def test_the_gradient_is_that_of_finite_differences(tiny: gpt.GPT, monkeypatch: pytest.MonkeyPatch) -> None:
    name = gpt.one_hot(".ab.").tolist()

    def loss(*parameters: Value) -> Value:
        given = iter(parameters)
        monkeypatch.setattr(gpt, "Value", lambda _: next(given))
        return gpt.GPT(width=4, heads=2).loss(name)

    gradcheck(loss, *tiny.state_dict().values())


def test_attention_is_causal(tiny: gpt.GPT) -> None:
    """What comes later changes no prediction; what came before does."""
    first, other = (
        [[z.data for z in logits] for logits in tiny(gpt.one_hot(text).tolist())] for text in (".aab", ".aba")
    )
    assert first[:2] == other[:2]
    assert all(a != b for a, b in zip(first[2:], other[2:], strict=True))
    swapped = tiny(gpt.one_hot("a.ab").tolist())
    assert [z.data for z in swapped[3]] != first[3]


def test_shares_of_attention_are_a_whole() -> None:
    shares = gpt.softmax([Value(1.0), Value(2.0), Value(4.0)])
    assert sum(share.data for share in shares) == pytest.approx(1)
    assert shares[2].data / shares[1].data == pytest.approx(np.exp(2))


def test_untrained_it_finds_every_letter_as_likely(tiny: gpt.GPT) -> None:
    for p in tiny.parameters():
        p.data = 0.0
    assert tiny.loss(gpt.one_hot(".a.").tolist()).data == pytest.approx(np.log(3))


def test_it_learns_and_invents_what_the_seed_says(tiny: gpt.GPT) -> None:
    start = tiny.state_dict()
    losses, inventions = [], []
    for _ in range(2):
        tiny.load_state_dict(start)
        losses.append([*gpt.train(tiny, ["ab", "abb", "aba"], epochs=60, rng=Random(2))])
        inventions.append(gpt.invent(tiny, 12, 0.5, Random(3)))
    assert losses[0] == losses[1]
    assert inventions[0] == inventions[1]
    assert losses[0][-1] < losses[0][0] / 2
    assert len(inventions[0]) == 12
    assert {name[:2] for name in inventions[0]} == {"ab"}
    assert max(map(len, inventions[0])) <= 3


def test_batches_hold_every_name_once_and_names_of_one_length() -> None:
    names = ["a", "b", "ab", "ba", "aa", "bb"]
    batches = gpt.batches(names, 3, Random(0))
    assert sorted(name for batch in batches for name in batch) == sorted(names)
    assert all(len({len(name) for name in batch}) == 1 for batch in batches)
    assert sorted(map(len, batches)) == [1, 2, 3]


def test_city_names_are_plain_words() -> None:
    pytest.importorskip("tzdata")
    names = gpt.city_names()
    assert {"london", "tokyo", "lima"} <= set(names)
    assert all(name.isascii() and name.isalpha() and name.islower() and len(name) <= 15 for name in names)
    assert len(names) > 300


def test_without_time_zones_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpt, "available_timezones", set)
    with pytest.raises(SystemExit, match="pip install tzdata"):
        gpt.city_names()


def test_it_runs_from_the_command_line() -> None:
    program = (
        "from examples import gpt\n"
        "gpt.city_names = lambda: ['oslo', 'lima', 'cork', 'riga']\n"
        "gpt.GPT.__init__.__defaults__ = (4, 2, 1, None)\n"
        "gpt.main()"
    )
    arguments = [sys.executable, "-c", program, "--epochs", "2", "--invent", "3", "--seed", "1"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("4 cities, such as ")
    assert [line.split(":")[0] for line in islice(lines, 1, 3)] == ["epoch   1", "epoch   2"]
    assert len(lines) == 6
