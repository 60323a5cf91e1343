"""The table of derivatives in other languages: C for the engine, C over lanes for a replay.

In come the formulas of the table. Out goes text, which is compiled when the package is built. It knows the table only.
"""

from autograd.languages.formulas import Language, said_in

__all__ = ["Language", "said_in"]
