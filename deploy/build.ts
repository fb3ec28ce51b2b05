import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundlePage } from '../src/http/page-files.ts'

/**
 * Bundles the program for the package: Node strips no types inside node_modules. Dependencies stay dependencies, and
 * what is loaded on demand stays apart. `dist/bundle` is as deep as `src/<folder>`, whose modules find `seed/` and
 * `migrations/` two folders up.
 */
const ROOT = join(import.meta.dirname, '..')

rmSync(join(ROOT, 'dist/bundle'), { recursive: true, force: true })
await build({
  absWorkingDir: ROOT,
  entryPoints: { main: 'src/main.ts', thread: 'src/cli/thread.ts' },
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.14',
  packages: 'external',
  // Stack traces name the function, whatever the chunk is called.
  keepNames: true,
  logLevel: 'warning',
})

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

const page = join(ROOT, 'dist/web')
rmSync(page, { recursive: true, force: true })
mkdirSync(page)
for (const [name, text] of await bundlePage()) writeFileSync(join(page, name), text)
for (const name of IN_PAGE) {
  cpSync(join(ROOT, 'node_modules', name, 'LICENSE'), join(page, `LICENSE-${name}`))
}
