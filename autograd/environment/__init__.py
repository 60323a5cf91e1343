"""The environment: what surrounds the program. Its reader's language, and files that are never half written.

It knows nothing of ours.
"""

from autograd.environment.files import check_writable, write_atomically
from autograd.environment.language import Language, preferred_language, speak, spoken
from autograd.environment.neighbours import other_autograd

__all__ = [
    "Language",
    "check_writable",
    "other_autograd",
    "preferred_language",
    "speak",
    "spoken",
    "write_atomically",
]
