import { Worker } from 'node:worker_threads'
import type { AnyOrder, Jobs } from './thread.ts'

/** A module of its own, beside this one in a checkout and in the package. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? 'thread.ts' : 'thread.js', import.meta.url)

/** A thread at work. */
interface Thread<Result> {
  /** Rejects with whatever ended the thread. */
  result: Promise<Result>
  stop(): Promise<unknown>
}

/** Does a job off this thread. */
export function startThread<Job extends keyof Jobs>(
  job: Job,
  input: Parameters<Jobs[Job]>[0],
): Thread<Awaited<ReturnType<Jobs[Job]>>['result']> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Jobs[Job]>>['result']>()
  const worker = new Worker(ENTRY, { workerData: { job, input } as AnyOrder })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  return { result: promise, stop: () => worker.terminate() }
}
