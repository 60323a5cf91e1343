"""Builds the compiled modules where there is a C compiler; without one, stepgrad installs all the same.

The C code of the operations is generated from the table of derivatives. `STEPGRAD_ENGINE=python` builds nothing, for a
wheel that runs anywhere; `native` insists on building.
"""

import os
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

# The table is read by the engine in plain Python: a compiled one that was built before may be of another table.
asked_for = os.environ.get("STEPGRAD_ENGINE", "")
os.environ["STEPGRAD_ENGINE"] = "python"
sys.path.insert(0, str(Path(__file__).parent))
from autograd.languages import c, lanes  # noqa: E402

os.environ["STEPGRAD_ENGINE"] = asked_for

# Strict IEEE 754; what is switched off, `errno` and floating-point traps, Python cannot see anyway.
STRICT = ["-O3", "-fno-math-errno", "-fno-trapping-math"]
if os.name != "posix":
    STRICT = ["/O2", "/fp:precise", "/std:c11", "/experimental:c11atomics"]
# Calls of the interpreter's functions go there directly, not by way of a table of jumps.
DIRECT = ["-fno-plt"] if sys.platform == "linux" else []
# What the source says is inline is inline, however large: a node is made in one function.
INLINED = ["-DCYTHON_INLINE=inline __attribute__((always_inline))"] if os.name == "posix" else []
# As Python computes: no product is fused with a sum.
UNFUSED = ["-ffp-contract=off"] if os.name == "posix" else []

# As C computes: sums of products are fused, which is what the kernels of a replay are fast at, and where they say so
# numbers are added up in any order.
FUSED = ["-ffp-contract=fast", "-fopenmp-simd"] if os.name == "posix" else []

ENGINE, REPLAY, KERNELS = (Path("autograd") / wing for wing in ("engines", "replay", "replay/kernels"))
TABLE = ["autograd/ops.py", *map(str, Path("autograd/languages").glob("*.py"))]


def files(folder: Path, *endings: str) -> list[str]:
    return sorted(str(path) for path in folder.iterdir() if path.suffix in endings)


EXTENSIONS = [
    Extension(
        "autograd.engines._native",
        files(ENGINE, ".pyx"),
        depends=files(ENGINE, ".pxi", ".pxd", ".h") + TABLE,
        include_dirs=[str(ENGINE)],
        extra_compile_args=[*STRICT, *DIRECT, *UNFUSED, *INLINED],
    ),
    Extension(
        "autograd.replay._replay",
        files(REPLAY, ".pyx") + files(KERNELS, ".c"),
        depends=files(REPLAY, ".pxi") + files(ENGINE, ".pxd") + files(KERNELS, ".h") + TABLE,
        include_dirs=[str(KERNELS)],
        extra_compile_args=[*STRICT, *DIRECT, *FUSED],
    ),
]


class BuildFromTable(build_ext):
    """Generates the C of the table, and tells a missing compiler, which is fine, from a broken source, which is not."""

    def initialize_options(self) -> None:
        super().initialize_options()
        self.cython_c_in_temp = True

    def build_extensions(self) -> None:
        generated = Path(self.build_temp)
        generated.mkdir(parents=True, exist_ok=True)
        (generated / "table_kernels.h").write_text(lanes.kernels())
        (generated / "table.h").write_text(c.functions() + "\n" + c.dispatch())
        if os.environ.get("STEPGRAD_ENGINE") != "native" and (missing := self._what_is_missing()):
            self.warn(f"{missing}: stepgrad will run on its engine in plain Python")
            self.extensions = []
        for extension in self.extensions:
            extension.include_dirs.append(str(generated))
        super().build_extensions()

    def _what_is_missing(self) -> str:
        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            return "a compiled node has no room for the header of objects in a free-threaded Python"
        return "" if self._compiles("#include <Python.h>\n") else "there is no working C compiler"

    def _compiles(self, source: str) -> bool:
        path = Path(self.build_temp) / "has_compiler.c"
        path.write_text(source)
        try:
            self.compiler.compile([str(path)], output_dir=self.build_temp, include_dirs=self.include_dirs)
        except CompileError:
            return False
        return True


setup(
    ext_modules=[] if os.environ.get("STEPGRAD_ENGINE") == "python" else EXTENSIONS,
    cmdclass={"build_ext": BuildFromTable},
)
