"""The example of many paths comes close to the formula."""

import pytest

from examples import monte_carlo


def test_a_million_paths_and_more_come_close_to_the_formula(capsys: pytest.CaptureFixture[str]) -> None:
    monte_carlo.main(["--paths", "2500000"])
    told = capsys.readouterr().out.replace(",", "").split()
    for found, exact in ((told[i + 1], told[i + 5]) for i in (0, 6, 12)):
        assert float(found) == pytest.approx(float(exact), rel=5e-3)
