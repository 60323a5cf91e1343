"""Builds the compiled modules where there is a C compiler; without one, stepgrad installs all the same.

The C code of the operations is generated from the table of derivatives. `STEPGRAD_ENGINE=python` builds nothing, for a
wheel that runs anywhere; `native` insists on building.
"""

import os
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

sys.path.insert(0, str(Path(__file__).parent))

import table_to_c
import table_to_kernels

# Strict IEEE 754; what is switched off, `errno` and floating-point traps, Python cannot see anyway.
STRICT = ["-O3", "-fno-math-errno", "-fno-trapping-math"] if os.name == "posix" else ["/O2", "/fp:precise", "/std:c11"]
# Calls of the interpreter's functions go there directly, not by way of a table of jumps.
DIRECT = ["-fno-plt"] if sys.platform == "linux" else []
# What the source says is inline is inline, however large: a node is made in one function.
INLINED = ["-DCYTHON_INLINE=inline __attribute__((always_inline))"] if os.name == "posix" else []
# As Python computes: no product is fused with a sum.
UNFUSED = ["-ffp-contract=off"] if os.name == "posix" else []

# As C computes: sums of products are fused, which is what the kernels of a replay are fast at.
FUSED = ["-ffp-contract=fast"] if os.name == "posix" else []

TABLE = ["autograd/ops.py", "table_to_c.py"]
KERNELS = sorted(map(str, Path("autograd/kernels").iterdir()))

EXTENSIONS = [
    Extension(
        "autograd._native",
        ["autograd/_native.pyx"],
        depends=[f"autograd/{x}" for x in ("_c.pxi", "_memory.h", "_native.pxd", "_nodes.pxi", "_walks.pxi")] + TABLE,
        extra_compile_args=[*STRICT, *DIRECT, *UNFUSED, *INLINED],
    ),
    Extension(
        "autograd._replay",
        ["autograd/_replay.pyx", *[path for path in KERNELS if path.endswith(".c")]],
        depends=[f"autograd/{x}" for x in ("_arrays.pxi", "_native.pxd", "_step.pxi")]
        + ["table_to_kernels.py", *KERNELS, *TABLE],
        include_dirs=["autograd/kernels"],
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
        (generated / "table_kernels.h").write_text(table_to_kernels.kernels())
        (generated / "table.h").write_text(table_to_c.c_functions() + "\n" + table_to_c.c_dispatch())
        if os.environ.get("STEPGRAD_ENGINE") != "native" and not self._compiles("#include <Python.h>\n"):
            self.warn("there is no working C compiler: stepgrad will run on its engine in plain Python")
            self.extensions = []
        for extension in self.extensions:
            extension.include_dirs.append(str(generated))
        super().build_extensions()

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
