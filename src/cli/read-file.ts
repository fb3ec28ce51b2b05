import type { Database } from '../db/open.ts'

/** Reads a catalog file once. @throws AppError `database`, its message naming the file */
export async function readFile<T>(file: string, reads: (db: Database) => T): Promise<T> {
  const { openCatalog } = await import('../catalog/catalog.ts')
  const catalog = openCatalog(file)
  try {
    return catalog.read(reads)
  } finally {
    catalog.close()
  }
}
