import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js'
import type { Catalog } from '../catalog/catalog.ts'
import { AppError } from '../errors.ts'
import { oneLine } from './text.ts'

/** An agent has to read it all, so it is far less than a program would take. In characters. */
const MAX_ANSWER_LENGTH = 64 * 1024

/** What the tools work with. */
export interface ToolContext {
  catalog: Catalog
  /** Told of failures that are nobody's input; the agent learns only that there was one. */
  reportFailure: (error: unknown) => void
}

/** What a tool found: for programs, and the same in few words. */
interface Found<Data> {
  data: Data
  text: string
}

/** All tools only look things up, in the catalog alone. */
export const LOOKS_UP: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

/** Makes a tool's callback: what is wrong with a question is an answer to the agent, which can ask better. */
export function answering<Args, Data extends Record<string, unknown>>(
  { reportFailure }: ToolContext,
  find: (args: Args) => Found<Data> | Promise<Found<Data>>,
): (args: Args) => Promise<CallToolResult> {
  return async (args) => {
    try {
      const { data, text } = await find(args)
      if (JSON.stringify(data).length > MAX_ANSWER_LENGTH) {
        throw new AppError(
          'invalid',
          `The answer is longer than ${MAX_ANSWER_LENGTH / 1024} KiB: ask for less`,
        )
      }
      return { content: [{ type: 'text', text }], structuredContent: data }
    } catch (error) {
      const isForeseen = error instanceof AppError && error.code !== 'internal'
      if (!isForeseen || error.code === 'database') reportFailure(error)
      const text = isForeseen ? oneLine(error.message) : 'Internal error'
      return { content: [{ type: 'text', text }], isError: true }
    }
  }
}
