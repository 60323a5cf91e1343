"""The table of derivatives in other languages: C for engine, lanes and exports, JavaScript for pages and exports.

In come the formulas of the table. Out goes text, or what a library makes of them. It knows the table only.
"""

from autograd.languages.c import expression as c_expression
from autograd.languages.c import function as c_function
from autograd.languages.formulas import Language, said_in
from autograd.languages.javascript import expression as javascript_expression
from autograd.languages.javascript import functions_called as javascript_functions
from autograd.languages.javascript import rows_of_table
from autograd.languages.javascript_lanes import lane_loops
from autograd.languages.lanes import LANE_ROWS, REUSING_ROWS

__all__ = [
    "LANE_ROWS",
    "REUSING_ROWS",
    "Language",
    "c_expression",
    "c_function",
    "javascript_expression",
    "javascript_functions",
    "lane_loops",
    "rows_of_table",
    "said_in",
]
