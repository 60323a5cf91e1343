"""How thorough the property tests are: `HYPOTHESIS_PROFILE=thorough python -m pytest` looks at twenty times as much.

The default profile draws the same examples in every run, so that a red run is about the change that it tests; the
thorough one draws new ones.
"""

import os

from hypothesis import settings

# No deadlines: how long one example takes says nothing on a busy machine.
settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

os.environ["LANGUAGE"] = "en"  # of the exercises, whatever the developer's is
