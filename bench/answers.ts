import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { Target } from './workloads.ts'

export type Coding = 'identity' | 'gzip' | 'br'

/** What a server answers to a URL in one coding. */
export interface Answer {
  url: string
  coding: Coding
  status: number
  etag: string | undefined
  body: Buffer
}

/** Requests under way at a time while answers are learnt. */
const LEARNERS = 8

/** Asks for each target once, in one coding. */
export async function learn(
  port: number,
  targets: readonly Target[],
  coding: Coding,
  headers: Readonly<Record<string, string>>,
): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: LEARNERS })
  const answers: Answer[] = []
  let place = 0
  const learner = async () => {
    for (let target = targets[place++]; target !== undefined; target = targets[place++]) {
      answers.push(await ask(agent, port, target, coding, headers))
    }
  }
  try {
    await Promise.all(Array.from({ length: LEARNERS }, learner))
  } finally {
    agent.destroy()
  }
  return answers
}

async function ask(
  agent: Agent,
  port: number,
  target: Target,
  coding: Coding,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options = {
    host: '127.0.0.1',
    port,
    path: target.url,
    agent,
    headers: { ...headers, ...codingHeader(coding) },
  }
  get(options, resolve).once('error', reject)
  const response = await promise
  const body = await buffer(response)
  const status = response.statusCode ?? 0
  if (status !== target.status)
    throw new Error(`${target.url} answered ${status}, not ${target.status}: ${body}`)
  const sent = response.headers['content-encoding'] ?? 'identity'
  // Errors are never encoded.
  if (sent !== coding && status === 200) throw new Error(`${target.url} came in ${sent}, not ${coding}`)
  JSON.parse((sent === 'gzip' ? gunzipSync(body) : sent === 'br' ? '0' : body).toString())
  return { url: target.url, coding, status, etag: response.headers.etag, body }
}

export function codingHeader(coding: Coding): Record<string, string> {
  return coding === 'identity' ? {} : { 'Accept-Encoding': coding }
}

/** Keeps answers in two files for the references: an index of lines, and the bodies one behind the other. */
export function saveAnswers(file: string, answers: readonly Answer[]): void {
  let start = 0
  const index = answers.map(({ body, ...rest }) => {
    const line = { ...rest, start, end: start + body.length }
    start += body.length
    return line
  })
  writeFileSync(`${file}.json`, JSON.stringify(index))
  writeFileSync(file, Buffer.concat(answers.map(({ body }) => body)))
}

/** Reads them, by URL and coding, for a reference that sends them from memory. */
export function readAnswers(file: string): (request: IncomingMessage) => Answer | undefined {
  const bodies = readFileSync(file)
  const index: (Omit<Answer, 'body'> & { start: number; end: number })[] = JSON.parse(
    readFileSync(`${file}.json`, 'utf8'),
  )
  const byCoding = {
    identity: new Map<string, Answer>(),
    gzip: new Map<string, Answer>(),
    br: new Map<string, Answer>(),
  }
  for (const { start, end, ...rest } of index) {
    byCoding[rest.coding].set(rest.url, { ...rest, body: bodies.subarray(start, end) })
  }
  return ({ url = '', headers: { 'accept-encoding': coding } }) => {
    if (coding === 'gzip' || coding === 'br') return byCoding[coding].get(url)
    return byCoding.identity.get(url)
  }
}

/** Sends one as plainly as HTTP allows; 304 to a client that has it. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer | undefined,
): void {
  if (answer === undefined) {
    response.writeHead(500, { 'Content-Length': 0 }).end()
  } else if (answer.etag !== undefined && request.headers['if-none-match'] === answer.etag) {
    response.writeHead(304, { ETag: answer.etag }).end()
  } else {
    response.writeHead(answer.status, {
      'Content-Type': 'application/json; charset=utf-8',
      ...(answer.coding !== 'identity' && { 'Content-Encoding': answer.coding }),
      'Content-Length': answer.body.length,
    })
    response.end(answer.body)
  }
}
