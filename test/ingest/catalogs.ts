import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs a test with a folder of its own, which is gone afterwards. */
export async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'modeldex-ingest-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes a catalog, or any other text, as a source to ingest. */
export function writeCatalog(folder: string, catalog: object | string, name = 'source.json'): string {
  const file = join(folder, name)
  writeFileSync(file, typeof catalog === 'string' ? catalog : JSON.stringify(catalog))
  return file
}

/** A catalog of one provider with models that carry nothing but what is given. */
export function acme(models: Record<string, unknown>): object {
  return { acme: { id: 'acme', name: 'Acme', env: ['ACME_KEY'], models } }
}
