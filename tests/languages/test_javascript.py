"""The table in JavaScript: what Node computes from it, beside the plain engine."""

import itertools
import json
import math
import shutil
import subprocess
from typing import Any

import pytest
from references import points

from autograd.languages import lane_loops, rows_of_table
from autograd.ops import TABLE, Op

NODE = shutil.which("node")
ULP = 8  # the largest found is 5, of erfc
SPECIAL = (0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -2.5, math.inf, -math.inf, math.nan)

SCRIPT = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = (x) => (Object.is(x, -0) ? "-0.0" : String(x).replace("Infinity", "inf"));
const numbers = ([point, out]) => [...point, out].map(Number);
console.log(JSON.stringify(given.map((cases, row) => cases.map(numbers).map((all) => {
  const { value, partials, branches } = ROWS[row];
  const chosen = branches.map((one) => one.find(([holds]) => holds(...all))[1](...all));
  return [value(...all.slice(0, -1)), ...partials.map((partial) => partial(...all)), ...chosen].map(said);
}))));
"""


def in_node(script: str, given: Any) -> Any:
    ran = subprocess.run(
        [NODE or "", "-e", script], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def cases(op: Op) -> list[tuple[tuple[float, ...], float]]:
    special = itertools.product(SPECIAL, repeat=len(op.operands))
    return [(point, op.compute(*point)) for point in (*points(op.name), *special)]


def said(x: float) -> str:
    return str(x).replace("inf", "Infinity").replace("nan", "NaN")


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_every_row_computes_what_the_plain_engine_does() -> None:
    given = [[([*map(said, point)], said(out)) for point, out in cases(op)] for op in TABLE.values()]
    computed = in_node(rows_of_table(TABLE.values()) + SCRIPT, given)
    for op, all_found in zip(TABLE.values(), computed, strict=True):
        for (point, out), found in zip(cases(op), all_found, strict=True):
            partials = [partial(*point, out) for partial in op.partials]
            for expected, got in zip([out, *partials, *partials], map(float, found), strict=True):
                same = got == expected or (math.isnan(got) and math.isnan(expected))
                near = math.isfinite(expected) and abs(got - expected) <= ULP * math.ulp(expected)
                assert same or near, (op.name, point, expected, got)


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_a_row_of_ones_own_brings_the_functions_that_it_calls() -> None:
    gate = Op("gate", "gate", "a * softplus(b)", ("softplus(b)", "a * sigmoid(b)"))
    found = in_node(rows_of_table([gate]) + SCRIPT, [[[["2", "0.5"], "0"]]])
    assert [float(x) for x in found[0][0][:3]] == pytest.approx(
        [gate.compute(2, 0.5), *(partial(2.0, 0.5, 0.0) for partial in gate.partials)], rel=1e-15
    )


def test_a_formula_with_a_function_that_javascript_lacks_is_refused() -> None:
    unknown = Op("unknown", "unknown", "gamma(a)", ("1",))
    for write in (rows_of_table, lane_loops):
        with pytest.raises(ValueError, match=r"JavaScript has no gamma\(\)"):
            write([unknown])
