import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { listChanges, type ToldChange } from '../history/changes.ts'
import { parseChangesQuery } from '../history/params.ts'
import { pairsOf } from './arguments.ts'
import { cut, inLine, valueInLine } from './text.ts'
import { answering, LOOKS_UP, type ToolContext } from './tool.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 50

const inputSchema = z.strictObject({
  since: z.string().optional().describe('From this day or instant on, such as 2026-09-01.'),
  until: z.string().optional().describe('Up to this day or instant.'),
  provider: z.string().optional(),
  model: z.string().optional().describe('provider/model_id, or model_id at any provider.'),
  field: z.string().optional().describe('Such as status or cost.input, or cost for all prices.'),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().optional().describe('next_cursor of the page before.'),
})

const outputSchema = z.object({
  changes: z.array(
    z.object({
      at: z.string().describe('When it was seen.'),
      kind: z.string(),
      id: z.string().describe('A model, or a provider.'),
      field: z.string().nullable(),
      before: z.unknown(),
      after: z.unknown().describe('Cut where it is long.'),
    }),
  ),
  next_cursor: z.string().nullable().describe('null: no more.'),
})

type Changes = z.infer<typeof outputSchema>

export function addChangesTool(server: McpServer, context: ToolContext): void {
  const { catalog } = context
  server.registerTool(
    'list_changes',
    {
      title: 'List changes',
      description:
        'What changed in the catalog, the newest first: models added and removed, prices, limits, status.',
      inputSchema,
      outputSchema,
      annotations: LOOKS_UP,
    },
    answering(context, (args: z.infer<typeof inputSchema>) => {
      const query = parseChangesQuery(pairsOf(args))
      const { changes, nextCursor } = catalog.read((db) => listChanges(db, query))
      const data: Changes = { changes: changes.map(shown), next_cursor: nextCursor }
      return { data, text: textOf(data) }
    }),
  )
}

function shown({ at, kind, id, field, before, after }: ToldChange): Changes['changes'][number] {
  return { at, kind, id, field, before: shownValue(before), after: shownValue(after) }
}

/** What is long is cut, and text from then on. */
function shownValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === cut(text) ? value : cut(text)
}

function textOf({ changes, next_cursor }: Changes): string {
  if (changes.length === 0) return 'No such change.'
  const lines = changes.map(({ at, kind, id, field, before, after }) => {
    const what = `${at} ${kind} ${inLine(id)}`
    return field === null ? what : `${what} ${inLine(field)}: ${valueInLine(before)} → ${valueInLine(after)}`
  })
  if (next_cursor !== null) lines.push(`More with cursor ${next_cursor}`)
  return lines.join('\n')
}
