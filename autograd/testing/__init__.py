"""What is checked: a gradient against the slope that one measures, and random expressions to check it on.

In come functions of Values. Out comes a GradientError with the worst input, or nothing. It knows the page and the
engine in use; `expressions` needs Hypothesis, and is imported when it is asked for.
"""

from typing import TYPE_CHECKING

from autograd.testing.gradient_check import GradientError, gradcheck

__all__ = ["Expression", "GradientError", "Step", "expressions", "gradcheck"]

if TYPE_CHECKING:
    from autograd.testing.strategies import Expression, Step, expressions
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'autograd.testing' has no attribute {name!r}")
        from autograd.testing import strategies

        return getattr(strategies, name)
