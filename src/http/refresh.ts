import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { extraItems } from '../catalog/params.ts'
import { type ValidationItem, validationError } from '../errors.ts'
import type { AppContext, Handler, RefreshReport } from './context.ts'
import { sendJson } from './exchange.ts'

export const REFRESH_PATH = '/api/v1/inference/refresh'

const count = z.int().nonnegative()

export const refreshSchema = z
  .object({
    outcome: z.enum(['updated', 'unchanged']),
    version: z.string().meta({ description: 'The dataset version.' }),
    previous_version: z.string().nullable(),
    source: z.string().meta({ description: '`seed`, a file, or a URL without credentials.' }),
    fetched_at: z.iso.datetime(),
    providers: count,
    models: count,
    added: count.meta({ description: 'Models that were not there before.' }),
    removed: count,
    returned: count.meta({ description: 'Models that were there once, and are again.' }),
    renamed: count.meta({ description: 'Models whose id changed its letter case.' }),
    changed: count,
    set_aside: count.meta({ description: 'Entries that did not parse.' }),
    set_aside_entries: z.array(z.object({ path: z.string(), reason: z.string() })),
    overlay_notices: z
      .array(z.object({ what: z.string(), why: z.string() }))
      .meta({ description: 'Parts of the overlay without effect.' }),
    seconds: z.number().nonnegative(),
  })
  .meta({ id: 'RefreshReport', description: 'What a refresh did, in models.' })

/** Most entries that a report names of those set aside; the log has them all. */
const MAX_SET_ASIDE_SHOWN = 100

const BODY: ValidationItem = {
  loc: ['body'],
  msg: 'must be empty: what is refreshed from is configured, no request can name it',
  type: 'extra_forbidden',
}

/** Runs one refresh and answers what it did. It goes on when the client does not wait for it. */
export function refreshHandler({ refresh }: AppContext): Handler {
  return async (request, response) => {
    const { exchange, target } = response.locals
    const unknown = extraItems(new Set(target.pairs.map(([name]) => name)))
    const items = (await hasBody(request)) ? [...unknown, BODY] : unknown
    if (items.length > 0) throw validationError(items)
    const report = await refresh.run()
    sendJson(exchange, report.version, JSON.stringify(reportBody(report)))
  }
}

/** Whether even one byte comes. What follows it is read and dropped: another request may come behind it. */
async function hasBody(request: IncomingMessage): Promise<boolean> {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  if (coding === undefined) return Number(length ?? 0) > 0
  const { promise, resolve } = Promise.withResolvers<boolean>()
  request.once('data', () => resolve(true))
  request.once('end', () => resolve(false))
  request.once('close', () => resolve(true))
  return promise
}

function reportBody(report: RefreshReport): z.infer<typeof refreshSchema> {
  return {
    outcome: report.unchanged ? 'unchanged' : 'updated',
    version: report.version,
    previous_version: report.previousVersion,
    source: report.source,
    fetched_at: report.fetchedAt,
    providers: report.providers,
    models: report.models,
    added: report.added,
    removed: report.removed,
    returned: report.returned,
    renamed: report.renamed,
    changed: report.changed,
    set_aside: report.setAside.length,
    set_aside_entries: report.setAside
      .slice(0, MAX_SET_ASIDE_SHOWN)
      .map(({ path, reason }) => ({ path, reason })),
    overlay_notices: report.overlayNotices
      .slice(0, MAX_SET_ASIDE_SHOWN)
      .map(({ what, why }) => ({ what, why })),
    seconds: report.seconds,
  }
}
