import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { isBinary, readProgramFile } from '../program/files.ts'
import type { AnyOrder, Jobs } from './thread.ts'

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
  const worker = startWorker({ job, input } as AnyOrder)
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  return { result: promise, stop: () => worker.terminate() }
}

/** A module of its own: beside this one in a checkout and in the package, a text inside the binary. */
function startWorker(workerData: AnyOrder): Worker {
  if (isBinary) return new Worker(readProgramFile('thread.js').toString(), { eval: true, workerData })
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('thread.js', import.meta.url), { workerData })
  // Each thread of a checkout strips types by WebAssembly. V8 shares what is compiled for that among threads and, seldom,
  // frees a part that one of them is about to call: SIGSEGV (docs/decisions/021-documents.md).
  setFlagsFromString('--no-wasm-code-gc')
  return new Worker(new URL('thread.ts', import.meta.url), { workerData })
}
