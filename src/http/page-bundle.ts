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
  const { outputFiles } = await build({
    absWorkingDir: root,
    // uPlot has a name of its own: the page asks for it by that, and again where it did not come.
    entryPoints: { page: 'src/web/main.tsx', style: 'src/web/css/page.css', uplot: 'uplot' },
    outdir: PAGE_FOLDER,
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
  })
  // It would stay in memory, as a process of its own.
  await stop()
  const plain = PLAIN.map(
    async (name) => [name, await readFile(join(root, 'src/web', name), 'utf8')] as const,
  )
  const made = outputFiles.map(({ path, text }) => [basename(path), text] as const)
  return new Map([...(await Promise.all(plain)), ...made])
}
