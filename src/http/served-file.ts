import { hash } from 'node:crypto'
import { entityTag, type PreparedAnswer, sendAnswer } from './answer.ts'
import { type Coding, chooseCoding, compressToKeep } from './encoding.ts'
import type { Exchange } from './exchange.ts'

/** What stays as it is while the program runs, whatever the catalog holds. */
export interface ServedFile {
  text: string
  contentType: string
}

export type SendFile = (exchange: Exchange) => Promise<void>

/** Sends a file that is read, or made, when it is first asked for, and kept in each coding that it was sent in. */
export function fileSender(read: () => Promise<ServedFile>): SendFile {
  const answers = new Map<Coding | undefined, PreparedAnswer>()
  return async (exchange) => {
    const coding = chooseCoding(exchange.request.headers['accept-encoding'])
    const answer = answers.get(coding) ?? prepare(await read(), coding)
    answers.set(coding, answer)
    sendAnswer(exchange, answer)
  }
}

function prepare({ text, contentType }: ServedFile, coding: Coding | undefined): PreparedAnswer {
  const etag = entityTag(hash('sha256', text, 'base64url'), coding)
  const bytes = coding === undefined ? Buffer.from(text) : compressToKeep(text, coding)
  const freshHeaders = ['ETag', etag, 'Cache-Control', 'no-cache']
  const headers = [
    ...freshHeaders,
    ...['Content-Type', contentType, 'Content-Length', `${bytes.length}`],
    ...(coding === undefined ? [] : ['Content-Encoding', coding]),
  ]
  return { etag, headers, freshHeaders, body: bytes }
}
