import type { Measures } from '../http/context.ts'

/** How long a worker may take to tell what it measures, in ms: far less than those who collect metrics wait. */
const ANSWER_MS = 1_000

/** Gathers what all workers measure. */
export interface Gathering {
  /** Of those that tell it in time. Who asks while it is under way gets the same. */
  gather(): Promise<Measures>
  /** Hears a worker. */
  hear(told: { round: number; text: string }): void
}

/**
 * @param ask asks all that serve, and tells how many these are
 * @param own what the process that gathers measures by itself
 */
export function gathering(ask: (round: number) => number, own: () => Promise<string>): Gathering {
  let round = 0
  let underWay: Promise<Measures> | undefined
  let hear: (text: string) => void = () => {}

  const gather = async (): Promise<Measures> => {
    const heard: string[] = []
    const { promise: isOver, resolve: finish } = Promise.withResolvers<void>()
    const timer = setTimeout(finish, ANSWER_MS)
    const asked = ask(++round)
    hear = (text) => {
      heard.push(text)
      if (heard.length === asked) finish()
    }
    await isOver
    clearTimeout(timer)
    return { workers: heard.length, texts: [...heard, await own()] }
  }

  return {
    gather() {
      underWay ??= gather().finally(() => {
        underWay = undefined
      })
      return underWay
    },
    hear(told) {
      // Else it comes too late.
      if (told.round === round) hear(told.text)
    },
  }
}
