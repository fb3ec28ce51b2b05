import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { prepareCatalogFile } from '../../src/ingest/prepare.ts'
import { overlayRows, workplace } from './files.ts'

/** Few names, so that parts of a catalog and of overlays meet. */
const id = fc.constantFrom('a', 'b', 'a/b', '__proto__')
const providerId = fc.constantFrom('p', 'q', 'p-q')
const price = fc.constantFrom(0, 1, 2.5)
const model = fc.record(
  {
    name: fc.constantFrom('A', 'B'),
    cost: fc.dictionary(fc.constantFrom('input', 'output'), price),
    reasoning: fc.constantFrom(true, { effort: 1 }),
    odd: fc.constantFrom({}, [], { x: { y: 1 } }, { x: 1 }),
  },
  { requiredKeys: [] },
)
const patch = fc.record(
  {
    name: fc.constantFrom(null, 'C'),
    cost: fc.option(fc.dictionary(fc.constantFrom('input', 'output', 'tiers'), fc.constantFrom(null))),
    reasoning: fc.constantFrom(null, false, { effort: null }),
    odd: fc.constantFrom(null, 1, { x: { y: null, z: 1 } }),
  },
  { requiredKeys: [] },
)
const head = { name: fc.constantFrom('P', 'Q'), env: fc.constant(['KEY']) }
const models = fc.dictionary(id, model)
const upstream = fc
  .dictionary(providerId, fc.record({ ...head, models }))
  .map((sent) =>
    Object.fromEntries(
      Object.entries({ ...sent, safe: { models: { m: {} } } }).map(([key, rest]) => [
        key,
        { id: key, ...rest },
      ]),
    ),
  )
const pattern = fc.constantFrom('p', 'q', 'p/*', '*/a', '*b', 'p/a/b', '*')
const overlay = fc.record(
  {
    add: fc.dictionary(providerId, fc.record({ ...head, models }, { requiredKeys: [] })),
    override: fc.dictionary(
      providerId,
      fc.option(
        fc.record(
          { name: fc.constantFrom(null, 'R'), models: fc.dictionary(id, fc.option(patch)) },
          { requiredKeys: [] },
        ),
      ),
    ),
    allow: fc.array(pattern, { maxLength: 2 }),
    deny: fc.array(pattern, { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

/** Each run makes the catalog six times. */
const RUNS = 12
const TIMEOUT_MS = 120_000

test(
  'from any overlay to any other, a start makes what an ingest makes',
  async () => {
    await fc.assert(
      fc.asyncProperty(upstream, overlay, overlay, async (sent, first, second) => {
        const [here, there] = [workplace(), workplace()]
        here.write('source.json', sent)
        there.write('source.json', sent)
        const plain = await there.ingest()
        const plainly = there.held()
        if (await leavesNothing(here.ingest(first))) return
        const next = here.write('next.json', second)
        const [isNothing, isNothingThere] = await Promise.all([
          leavesNothing(prepareCatalogFile(here.db, { overlay: next })),
          leavesNothing(ingest({ db: there.db, from: there.source, overlay: next })),
        ])
        expect(isNothingThere).toBe(isNothing)
        if (!isNothing) {
          expect(here.held()).toEqual(there.held())
          expect(overlayRows(here.db)).toEqual(overlayRows(there.db))
        }
        await prepareCatalogFile(here.db)
        expect((await here.ingest()).version).toBe(plain.version)
        expect(here.held()).toEqual(plainly)
      }),
      { numRuns: RUNS },
    )
  },
  TIMEOUT_MS,
)

async function leavesNothing(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    (error: unknown) => {
      if (error instanceof AppError && error.message.startsWith('the overlay leaves no model')) return true
      throw error
    },
  )
}
