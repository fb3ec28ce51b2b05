import { z } from 'zod'
import { AppError, ERRORS, type ErrorCode } from '../errors.ts'
import type { Attempt, Measures, PublishedSnapshot, RefreshReport } from '../http/context.ts'
import type { Grant } from '../http/rate-limit.ts'

/** What the primary process and its workers say to each other. Both ends are the same program. */

/** What a worker asks, and what it is answered. */
interface Calls {
  /** Asked first. */
  begin: { input: null; result: { worker: number; port: number; told: Told } }
  /** The next requests of a client. */
  lease: { input: { by: 'token' | 'address'; client: string }; result: Grant }
  refresh: { input: null; result: RefreshReport }
  snapshot: { input: null; result: PublishedSnapshot }
  /** What all workers measure. */
  measures: { input: null; result: Measures }
  /** What this one measures, when it is asked for that. */
  measured: { input: { round: number; text: string }; result: null }
}

/** What the primary tells all workers whenever it changes. */
export interface Told {
  lastAttempt: Attempt | undefined
  /** How often a refresh went how. */
  outcomes: Readonly<Record<Attempt['outcome'], number>>
  /** When the schedule has the next refresh: RFC 3339, UTC. */
  nextRefresh: string | undefined
}

const questionSchema = z.discriminatedUnion('call', [
  z.object({ id: z.int(), call: z.literal('begin'), input: z.null() }),
  z.object({
    id: z.int(),
    call: z.literal('lease'),
    input: z.object({ by: z.enum(['token', 'address']), client: z.string() }),
  }),
  z.object({ id: z.int(), call: z.literal('refresh'), input: z.null() }),
  z.object({ id: z.int(), call: z.literal('snapshot'), input: z.null() }),
  z.object({ id: z.int(), call: z.literal('measures'), input: z.null() }),
  z.object({
    id: z.int(),
    call: z.literal('measured'),
    input: z.object({ round: z.int(), text: z.string() }),
  }),
])
export type Question = z.infer<typeof questionSchema>

const faultSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && code in ERRORS),
  detail: z.string(),
})
const wordSchema = z.union([
  z.object({ id: z.int(), result: z.custom<Calls[keyof Calls]['result']>() }),
  z.object({ id: z.int(), fault: faultSchema }),
  z.object({ told: z.custom<Told>() }),
  z.object({ measure: z.int() }),
  z.object({ stop: z.literal(true) }),
])
/** What the primary says. */
export type Word = z.infer<typeof wordSchema>

export const readQuestion = (message: unknown): Question => questionSchema.parse(message)

/** Answers a worker's question, also where that fails. */
export async function answerTo(question: Question, answer: (question: Question) => unknown): Promise<Word> {
  const { id } = question
  try {
    return { id, result: (await answer(question)) as Calls[keyof Calls]['result'] }
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal'
    return { id, fault: { code, detail: error instanceof Error ? error.message : String(error) } }
  }
}

/** A worker's end of the channel. */
export interface Primary {
  /** @throws AppError as whoever answered did */
  call<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Promise<Calls[Name]['result']>
}

export function connectToPrimary(heard: {
  told(told: Told): void
  /** @param round is to be named in what is told of it */
  measure(round: number): void
  stop(): void
}): Primary {
  const waiting = new Map<number, PromiseWithResolvers<Calls[keyof Calls]['result']>>()
  let asked = 0
  process.on('message', (message) => {
    const word = wordSchema.parse(message)
    if ('stop' in word) return heard.stop()
    if ('told' in word) return heard.told(word.told)
    if ('measure' in word) return heard.measure(word.measure)
    const question = waiting.get(word.id)
    waiting.delete(word.id)
    if ('result' in word) question?.resolve(word.result)
    else question?.reject(new AppError(word.fault.code, word.fault.detail))
  })
  return {
    call(call, input) {
      const question = Promise.withResolvers<Calls[typeof call]['result']>()
      waiting.set(++asked, question as PromiseWithResolvers<Calls[keyof Calls]['result']>)
      process.send?.({ id: asked, call, input })
      return question.promise
    },
  }
}
