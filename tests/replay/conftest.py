"""The kernels that this machine can run, one set after the other."""

from collections.abc import Iterator

import pytest

from autograd import engine

if engine == "native":
    from autograd.replay import _replay

    @pytest.fixture(params=_replay.available_kernels())
    def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
        """The name of those in use."""
        assert _replay.use_kernels(request.param) == request.param
        yield request.param
        _replay.use_kernels()
