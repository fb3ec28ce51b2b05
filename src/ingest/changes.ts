/** How many models an ingest added, removed and altered. */
export interface Changes {
  added: number
  removed: number
  changed: number
}

/** Compares two catalogs by their models' digests, each by model id. */
export function compareDigests(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Changes {
  const changes: Changes = { added: 0, removed: 0, changed: 0 }
  for (const [id, digest] of after) {
    const old = before.get(id)
    if (old === undefined) changes.added++
    else if (old !== digest) changes.changed++
  }
  for (const id of before.keys()) if (!after.has(id)) changes.removed++
  return changes
}
