import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { PAGE_FOLDER } from '../src/http/page-bundle.ts'
import { writePage } from './page.ts'

/**
 * Bundles the program for the package: Node strips no types inside node_modules. Dependencies stay dependencies.
 * `dist/bundle` is as deep as `src/<folder>`, whose modules find `seed/` and `migrations/` two folders up.
 */
const ROOT = join(import.meta.dirname, '..')

const BUNDLE: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: 'dist/bundle',
  bundle: true,
  platform: 'node',
  target: 'node22.14',
  packages: 'external',
  // Names stay as they are: stack traces name the function.
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
}

/** Node loads one script in half the time of many modules; what is loaded on demand still runs only then. */
const SCRIPT: BuildOptions = {
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: {
    js: 'const __meta = { dirname: __dirname, get url() { return require("node:url").pathToFileURL(__filename).href } };',
  },
  define: { 'import.meta': '__meta' },
}

/** Look-ups start fast: they are in a script of their own, and what serves and ingests is in another. */
const commandsApart: Plugin = {
  name: 'commands-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/commands\.ts$/ }, () => ({ path: './commands.cjs', external: true }))
  },
}

rmSync(join(ROOT, 'dist/bundle'), { recursive: true, force: true })
await build({ ...BUNDLE, ...SCRIPT, entryPoints: { main: 'src/main.ts' }, plugins: [commandsApart] })
await build({ ...BUNDLE, ...SCRIPT, entryPoints: { commands: 'src/cli/commands.ts' } })
await build({ ...BUNDLE, entryPoints: { thread: 'src/cli/thread.ts' }, format: 'esm' })

/** What the page at `/docs` is made of, and the papers that go with it. */
const SWAGGER_UI = [
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'swagger-ui.css',
  'LICENSE',
  'NOTICE',
]

const from = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
rmSync(join(ROOT, 'dist/swagger-ui'), { recursive: true, force: true })
mkdirSync(join(ROOT, 'dist/swagger-ui'))
for (const name of SWAGGER_UI) {
  cpSync(join(from, name), join(ROOT, 'dist/swagger-ui', name))
}

/** What the page brings along of others, each with its licence. */
const IN_PAGE = ['preact', 'uplot']

const page = join(ROOT, PAGE_FOLDER)
await writePage(page)
for (const name of IN_PAGE) {
  cpSync(join(ROOT, 'node_modules', name, 'LICENSE'), join(page, `LICENSE-${name}`))
}
