import type { AppContext, Handler } from './context.ts'
import { type Exchange, send } from './exchange.ts'
import { rebindingGuard } from './rebinding.ts'

export const MCP_PATH = '/mcp'

/** JSON-RPC's code for what is no request, and the first of those that each server gives its own meaning. */
const INVALID_REQUEST = -32600
const SERVER_ERROR = -32000
/** What the protocol's library is told of a request. */
const TOLD_HEADERS = ['accept', 'content-type', 'mcp-protocol-version']

export interface McpHandlers {
  /** Lets through what is to be read. */
  check: Handler
  /** Answers the message that was read. */
  answer: Handler
}

/**
 * The catalog as tools for agents: MCP over Streamable HTTP. Each message is answered by itself, in JSON, with no session
 * and no stream to hold: whatever process an agent's next message comes to can answer it, and one that goes away leaves
 * nothing behind.
 */
export function mcpHandlers({ catalog, config, programVersion, log }: AppContext): McpHandlers {
  const refuseRebinding = rebindingGuard(config)
  const tools = { catalog, reportFailure: (err: unknown) => log.error({ err }, 'tool failed') }

  const check: Handler = (request, response, next) => {
    const { exchange } = response.locals
    refuseRebinding(exchange)
    if (request.method === 'POST') next()
    else sendFault(exchange, 405, SERVER_ERROR, 'No stream and no session here: send messages by POST')
  }

  const answer: Handler = async ({ headers, body }, response) => {
    const { exchange } = response.locals
    // A batch would pass the rate limit as one request; the protocol has left them behind.
    if (Array.isArray(body)) {
      sendFault(exchange, 400, INVALID_REQUEST, 'Send one message at a time, not a batch')
      return
    }
    // Loaded here, so that no start waits for what only agents need.
    const { answerMessage } = await import('../mcp/message.ts')
    const told = TOLD_HEADERS.flatMap((name): [string, string][] => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    })
    const request = new Request(`http://localhost${MCP_PATH}`, { method: 'POST', headers: told })
    const found = await answerMessage(tools, programVersion, request, body)
    sendText(exchange, found.status, await found.text())
  }

  return { check, answer }
}

/** A failure before there is a message to answer. */
function sendFault(exchange: Exchange, status: number, code: number, message: string): void {
  sendText(exchange, status, JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }))
}

function sendText(exchange: Exchange, status: number, text: string): void {
  const type = text === '' ? [] : ['Content-Type', 'application/json; charset=utf-8']
  const allow = status === 405 ? ['Allow', 'POST'] : []
  const length = ['Content-Length', `${Buffer.byteLength(text)}`]
  send(exchange, status, [...type, ...allow, ...length, 'Cache-Control', 'no-store'], text)
}
