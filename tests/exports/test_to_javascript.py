"""JavaScript modules compute in Node what the recording does."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from programs import Floats, of_expression, of_network, of_own_row, of_row, several

from autograd import Recording, Value
from autograd.exports import to_javascript
from autograd.ops import TABLE
from autograd.testing import Expression, expressions

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs node")

RUN = """
import { readFileSync } from "node:fs";
import * as module from "./model.mjs";
const said = (x) => (Array.isArray(x) ? x.map(said) : String(x));
const { call, rows, parameters } = JSON.parse(readFileSync(0, "utf8"));
const found = rows.map((x) => module[call](parameters ?? module.model_start, x));
console.log(JSON.stringify(found.map((one) => (Array.isArray(one) ? said(one) : Object.values(one).map(said)))));
"""


def in_node(text: str, folder: Path, **request: Any) -> Any:
    (folder / "model.mjs").write_text(text)
    (folder / "run.mjs").write_text(RUN)
    command = [NODE or "", str(folder / "run.mjs")]
    ran = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def check(recordings: list[tuple[Recording, list[Floats]]], folder: Path) -> None:
    """Outputs, and derivatives by parameters and inputs, are those of the replay, row by row."""
    for recording, batch in recordings:
        rows = np.hstack([array.reshape(len(array), -1) for array in batch])
        found = in_node(to_javascript(recording), folder, call="model_gradient", rows=rows.tolist())
        for i, (y, dp, dx) in enumerate(found):
            one = [array[i : i + 1] for array in batch]
            by_inputs = np.hstack([gradient.reshape(-1) for gradient in recording.input_gradients(*one)])
            for got, expected in ((y, recording(*one)), (dp, recording.value_and_grad(*one)[1]), (dx, by_inputs)):
                np.testing.assert_allclose([*map(float, got)], expected, rtol=1e-12, atol=1e-13)


@needs_node
@pytest.mark.parametrize("name", TABLE)
def test_every_row(name: str, tmp_path: Path) -> None:
    check([of_row(name)], tmp_path)


@needs_node
@given(f=expressions(variables=2))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_expressions(f: Expression, tmp_path: Path) -> None:
    check([of_expression(f)], tmp_path)


@needs_node
def test_a_network_and_a_row_of_ones_own(tmp_path: Path) -> None:
    check([of_network(), of_own_row()], tmp_path)


@needs_node
def test_several_results_and_constants_that_are_not_finite(tmp_path: Path) -> None:
    infinite, zero = Value(-float("inf"), requires_grad=False), Value(-0.0, requires_grad=False)
    text = to_javascript(
        lambda x: [*several()(x), x + infinite, x * float("nan"), x / zero], 1.0, name="model", gradient=False
    )
    assert "model_gradient" not in text
    assert in_node(text, tmp_path, call="model", rows=[[5.0]]) == [["10", "6", "-Infinity", "NaN", "-Infinity"]]
    assert in_node(text, tmp_path, call="model", rows=[[5.0]], parameters=[3.0])[0][0] == "15"


def test_what_cannot_be_a_module_is_refused() -> None:
    with pytest.raises(ValueError, match="a JavaScript function can't be called '2nd'"):
        to_javascript(lambda x: x, 1.0, name="2nd")
    with pytest.raises(ValueError, match="the function returns several Values, but a gradient is of one"):
        to_javascript(several(), 1.0)
