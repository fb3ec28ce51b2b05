#!/usr/bin/env node
// Plain JavaScript: it must run on a Node that is too old for everything else, and say so.
import module from 'node:module'

// The driver crashes below this.
const OLDEST_MAJOR = 22
const OLDEST_MINOR = 14

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  refuse(`modeldex needs Node ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer, this is ${process.versions.node}`)
} else {
  await start()
}

async function start() {
  // A checkout runs the TypeScript as written; the package brings it bundled.
  const source = new URL('./main.ts', import.meta.url)
  // Imported as a module, it would load all of Node's streams: a tenth of a bare start.
  const isCheckout = process.getBuiltinModule('node:fs').existsSync(source)
  if (isCheckout && !process.features.typescript) {
    refuse(`modeldex needs Node 22.18 or newer to run from its sources, this is ${process.versions.node}`)
    return
  }
  // Not before it serves: what a start makes stays, and V8 would make room for more of it (src/cli/young-generation.ts).
  if (process.argv[2] === 'serve') {
    process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1')
  }
  // Keeps what is compiled between starts, where it may be written: stripping types alone takes 25 MB and 100 ms.
  module.enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/modeldex`)
  if (isCheckout) await import(source.href)
  else module.createRequire(import.meta.url)('../dist/bundle/main.cjs')
}

function refuse(line) {
  console.error(line)
  process.exitCode = 1
}
