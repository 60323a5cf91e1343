// Python in Pyodide, for tests: reads requests from standard input and answers each on standard output, as lines of JSON.
//
//   {"mount": {"/folder/in/pyodide": "/folder/here"}}
//   {"unpack": "/some.whl"}
//   {"load": ["package of the Pyodide distribution"]}
//   {"run": "Python, whose last expression is JSON"}

const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { loadPyodide } = require("pyodide");

async function main() {
  const pyodide = await loadPyodide({ stdout: console.error, stderr: console.error });
  const answers = {
    mount: (folders) => Object.entries(folders).forEach((folder) => pyodide.mountNodeFS(...folder)),
    unpack: (wheel) => pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel"),
    load: (packages) => pyodide.loadPackage(packages, { messageCallback: console.error }),
    run: (program) => JSON.parse(pyodide.runPython(program, { globals: pyodide.toPy({}) })),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [[request, argument]] = Object.entries(JSON.parse(line));
    let answer;
    try {
      answer = { value: await answers[request](argument) };
    } catch (error) {
      answer = { error: String(error) };
    }
    console.log(JSON.stringify(answer));
  }
}

main();
