import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../errors.ts'

/** What the page is made of, by name: `index.html` and its assets. */
export type PageFiles = ReadonlyMap<string, string>

const ROOT = join(import.meta.dirname, '../..')
/** What it is made from, in a checkout; the package holds what was made. */
const SOURCE = join(ROOT, 'src/web')
const MADE = join(ROOT, 'dist/web')
/** Written by hand and served as they are. */
const PLAIN = ['index.html', 'icon.svg']

export function readPageFiles(): Promise<PageFiles> {
  return existsSync(SOURCE) ? bundlePage() : readFiles(MADE, (name) => /\.(html|css|js|svg)$/.test(name))
}

/**
 * Makes the page from its source.
 * @throws AppError `not_found` where the bundler was left out when packages were installed
 */
export async function bundlePage(): Promise<PageFiles> {
  const { build, stop } = await import('esbuild').catch((cause: unknown) => {
    const detail = 'The page cannot be made: npm ci without --omit=dev brings what it takes'
    throw new AppError('not_found', detail, { cause })
  })
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { page: 'src/web/main.tsx', style: 'src/web/css/page.css' },
    outdir: 'dist/web',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
  })
  // It would stay in memory, as a process of its own.
  await stop()
  const plain = await readFiles(SOURCE, (name) => PLAIN.includes(name))
  return new Map([...plain, ...outputFiles.map(({ path, text }) => [basename(path), text] as const)])
}

async function readFiles(folder: string, isWanted: (name: string) => boolean): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter(isWanted)
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return new Map(await Promise.all(texts))
}
