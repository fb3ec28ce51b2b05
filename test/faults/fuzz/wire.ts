import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came. */
export interface Answer {
  status: number
  headers: Headers
  body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) /
/** Answers that say the real one is yet to come. */
const INTERIM = 200

/**
 * Takes the first answer off bytes that a server has sent.
 * @param isHead whether it has no body, whatever its headers say
 * @returns undefined while it is not there in full
 * @throws Error when it is no HTTP
 */
export function takeAnswer(bytes: Buffer, isHead: boolean): { answer: Answer; rest: Buffer } | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(STATUS_LINE.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`an answer begins with ${JSON.stringify(first.slice(0, 80))}`)
  const after = bytes.subarray(end + HEAD_END.length)
  if (status < INTERIM) return takeAnswer(after, isHead)
  const headers = new Headers(lines.map(headerOf))
  const body = bodyOf(after, status, headers, isHead)
  return body && { answer: { status, headers, body }, rest: after.subarray(body.length) }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon < 1) throw new Error(`an answer has the header ${JSON.stringify(line)}`)
  return [line.slice(0, colon), line.slice(colon + 1)]
}

/** All answers of this service say how long they are. */
function bodyOf(after: Buffer, status: number, headers: Headers, isHead: boolean): Buffer | undefined {
  if (isHead || status === 204 || status === 304) return Buffer.alloc(0)
  const length = headers.get('content-length')
  if (length === null || !/^\d+$/.test(length))
    throw new Error(`an answer of ${status} does not say how long it is`)
  return after.length < Number(length) ? undefined : after.subarray(0, Number(length))
}

/** A connection that is kept for one request after the other. */
export interface Conversation {
  /** @throws Error when there is no whole answer in time; undefined: the server closed without a word */
  ask(bytes: Buffer, isHead: boolean): Promise<Answer | undefined>
  close(): void
}

export function converse(port: number, deadlineMs: number): Conversation {
  let socket: Socket | undefined
  return {
    async ask(bytes, isHead) {
      const asked = socket ?? (await opened(port))
      socket = undefined
      const isWhole = (all: Buffer) => takeAnswer(all, isHead) !== undefined
      const { received, ended } = await exchange(asked, bytes, deadlineMs, isWhole)
      const taken = takeAnswer(received, isHead)
      const isLast = ended || taken?.answer.headers.get('connection') === 'close'
      if (isLast || taken === undefined) asked.destroy()
      else socket = asked
      if (taken === undefined) return received.length === 0 ? undefined : cutOff()
      if (taken.rest.length === 0) return taken.answer
      // Who refuses what is no request does not know whether it was to be one for HEAD.
      if (isLast && isHead) return takeAnswer(received, false)?.answer ?? cutOff()
      throw new Error('more came than one answer')
    },
    close: () => socket?.destroy(),
  }
}

function cutOff(): never {
  throw new Error('the answer is cut off')
}

/**
 * Sends bytes on a connection of their own, says that no more come, and reads what comes back.
 * @throws Error when the server does not close in time, or sends what is no HTTP
 */
export async function sendAlone(port: number, bytes: Buffer, deadlineMs: number): Promise<Answer[]> {
  const socket = await opened(port)
  const { received } = await exchange(socket, bytes, deadlineMs, undefined)
  socket.destroy()
  const answers: Answer[] = []
  for (let taken = takeAnswer(received, false); taken !== undefined; taken = takeAnswer(taken.rest, false)) {
    answers.push(taken.answer)
  }
  return answers
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  await once(socket, 'connect')
  // What breaks off shows in what came until then.
  socket.on('error', () => {})
  return socket
}

/** @param isWhole tells whether enough came; undefined: whatever comes until the server ends */
async function exchange(
  socket: Socket,
  bytes: Buffer,
  deadlineMs: number,
  isWhole: ((received: Buffer) => boolean) | undefined,
): Promise<{ received: Buffer; ended: boolean }> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const chunks: Buffer[] = []
  const timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  const hear = (chunk: Buffer) => {
    chunks.push(chunk)
    try {
      if (isWhole?.(Buffer.concat(chunks))) resolve(false)
    } catch (error) {
      reject(error)
    }
  }
  const end = () => resolve(true)
  socket.on('data', hear).once('end', end).once('close', end)
  if (isWhole === undefined) socket.end(bytes)
  else socket.write(bytes)
  try {
    const ended = await promise
    return { received: Buffer.concat(chunks), ended }
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    socket.off('data', hear).off('end', end).off('close', end)
  }
}
