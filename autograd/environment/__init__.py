"""The environment: what surrounds the program. Its reader's language, and files that are never half written.

It knows nothing of ours.
"""

from autograd.environment.files import write_atomically
from autograd.environment.language import Language, preferred_language

__all__ = ["Language", "preferred_language", "write_atomically"]
