#!/usr/bin/env node
// Plain JavaScript: it must run on a Node that is too old for everything else, and say so.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// The driver crashes below this.
const OLDEST_MAJOR = 22
const OLDEST_MINOR = 14

// A checkout runs the TypeScript as written; the package brings it bundled.
const source = new URL('./main.ts', import.meta.url)
const isCheckout = existsSync(source)

// What a request leaves behind dies young: a young generation that never grows keeps 20 MB less, at the same CPU.
if (process.argv[2] === 'serve') (await import('node:v8')).setFlagsFromString('--semi-space-growth-factor=1')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  refuse(`modeldex needs Node ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer, this is ${process.versions.node}`)
} else if (isCheckout && !process.features.typescript) {
  refuse(`modeldex needs Node 22.18 or newer to run from its sources, this is ${process.versions.node}`)
} else {
  // Keeps what is compiled between starts, where the folder can be written to: stripping types alone takes 25 MB and 100 ms.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/modeldex', import.meta.url)))
  await import(isCheckout ? source.href : new URL('../dist/bundle/main.js', import.meta.url).href)
}

function refuse(line) {
  console.error(line)
  process.exitCode = 1
}
