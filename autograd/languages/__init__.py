"""The table of derivatives in other languages: C for the engine, for lanes and for exports, JavaScript for pages.

In come the formulas of the table. Out goes text, or what a library makes of them. It knows the table only.
"""

from autograd.languages.c import expression as c_expression
from autograd.languages.c import function as c_function
from autograd.languages.formulas import Language, said_in
from autograd.languages.javascript import rows_of_table
from autograd.languages.javascript_lanes import lane_loops

__all__ = ["Language", "c_expression", "c_function", "lane_loops", "rows_of_table", "said_in"]
