import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../errors.ts'

/** What the page is made of, by name: `index.html` and its assets. */
export type PageFiles = ReadonlyMap<string, string>

/** Where the package and the binary have the page. */
export const PAGE_FOLDER = 'dist/web'

export const PAGE = 'index.html'

/** Written by hand and served as they are. */
const PLAIN = [PAGE, 'icon.svg']

/**
 * Makes the page from its source, which stands in a checkout only.
 * @throws AppError `not_found` where the bundler was left out when packages were installed
 */
export async function bundlePage(): Promise<PageFiles> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { build, stop } = await import('esbuild').catch((cause: unknown) => {
    const detail = 'The page cannot be made: npm ci without --omit=dev brings what it takes'
    throw new AppError('not_found', detail, { cause })
  })
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { page: 'src/web/main.tsx', style: 'src/web/css/page.css' },
    outdir: PAGE_FOLDER,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
    metafile: true,
  })
  // It would stay in memory, as a process of its own.
  await stop()
  const plain = PLAIN.map(
    async (name) => [name, await readFile(join(root, 'src/web', name), 'utf8')] as const,
  )
  const made = outputFiles.map(({ path, text }) => [basename(path), text] as const)
  const files = new Map([...(await Promise.all(plain)), ...made])
  const parts = metafile.outputs[`${PAGE_FOLDER}/page.js`]?.imports ?? []
  const needed = parts.filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path))
  return files.set(PAGE, withPreloads(files.get(PAGE) ?? '', needed))
}

/** Has the browser fetch at once what it would find in the script only. */
function withPreloads(html: string, names: readonly string[]): string {
  const links = names.map((name) => `    <link rel="modulepreload" href="assets/${name}" />\n`)
  return html.replace('  </head>', () => `${links.join('')}  </head>`)
}
