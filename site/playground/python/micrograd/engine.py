"""The engine of micrograd's programs is stepgrad's."""

from autograd import Value

__all__ = ["Value"]
