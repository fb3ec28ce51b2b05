import { parentPort, workerData } from 'node:worker_threads'
import type { DocumentName } from '../formats/documents.ts'

/** The entry of every thread: one module for all that they do, so that a package has one to bundle and to find. */

/** What a thread can do, and which buffers go along with its result. What one does not need is not loaded. */
const jobs = {
  async past({ file, version }: { file: string; version: string }) {
    const { buildPast } = await import('../history/past-build.ts')
    const bytes = await buildPast(file, version)
    return { result: bytes, buffers: [bytes.buffer] }
  },
  async document({ file, name }: { file: string; name: DocumentName }) {
    const { makeDocument } = await import('../formats/make-document.ts')
    const made = makeDocument(file, name)
    return { result: made, buffers: Object.values(made.bodies).map(({ buffer }) => buffer) }
  },
}

export type Jobs = typeof jobs

interface Order<Job extends keyof Jobs> {
  job: Job
  input: Parameters<Jobs[Job]>[0]
}
export type AnyOrder = { [Job in keyof Jobs]: Order<Job> }[keyof Jobs]

async function work(order: AnyOrder): Promise<void> {
  const { result, buffers } =
    order.job === 'past' ? await jobs.past(order.input) : await jobs.document(order.input)
  parentPort?.postMessage(result, buffers)
}

// No top-level await: the binary has it as a script. A rejection ends the thread with its error.
void work(workerData as AnyOrder)
