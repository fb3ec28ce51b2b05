import { describe, expect, it, onTestFinished } from 'vitest'
import { readMetrics } from '../http/read-metrics.ts'
import { serveByWorkers, untilBoth } from './by-workers.ts'

const LIST = '/api/v1/inference/catalog'
const HEADERS = { Authorization: 'Bearer reads' }

/** What a scrape says; on a connection of its own, so that any worker may answer it. */
async function scrape(url: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`, { headers: { ...HEADERS, Connection: 'close' } })
  expect(answer.status).toBe(200)
  return answer.text()
}

/** The same of all workers: one that does not tell in time is left out. */
async function scrapeAll(url: string, workers: number): Promise<string> {
  let text = ''
  const measured = async () => {
    text = await scrape(url)
    return readMetrics(text).get('modeldex_workers_measured')
  }
  await expect.poll(measured, { timeout: 20_000 }).toBe(workers)
  return text
}

/** The values of one metric with these labels, by worker. */
function byWorker(text: string, name: string, labels: string): Map<string, number> {
  const found = [...readMetrics(text)].flatMap(([line, value]) => {
    const worker = /worker="(\w+)"/.exec(line)?.[1]
    return line.startsWith(`${name}{`) && line.includes(labels) && worker !== undefined
      ? [[worker, value] as const]
      : []
  })
  return new Map(found)
}

describe('/metrics of several workers', () => {
  it('has what all of them count, whichever is asked', async () => {
    const { url, answered } = await serveByWorkers(2)
    const ask = () => fetch(`${url}${LIST}?limit=1`, { headers: { ...HEADERS, Connection: 'close' } })
    const answers = await untilBoth(answered, () => Promise.all(Array.from({ length: 60 }, ask)))
    for (const answer of answers) expect(answer.status).toBe(200)
    for (const text of await Promise.all([1, 2, 3, 4, 5, 6].map(() => scrapeAll(url, 2)))) {
      const counts = byWorker(text, 'modeldex_http_requests_total', `route="${LIST}",code="200"`)
      expect([...counts.keys()].sort()).toEqual(['1', '2'])
      expect(counts.values().reduce((sum, count) => sum + count, 0)).toBe(answers.length)
      const durations = byWorker(text, 'modeldex_http_request_duration_seconds_count', `route="${LIST}"`)
      expect(durations).toEqual(counts)
    }
  })

  it('has each process by itself where a sum has no meaning, and the service once', async () => {
    const { url } = await serveByWorkers(2)
    const text = await scrapeAll(url, 2)
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']) {
      expect([...byWorker(text, name, '').keys()].sort()).toEqual(['1', '2', 'primary'])
    }
    const metrics = readMetrics(text)
    expect(metrics.get('modeldex_workers')).toBe(2)
    expect(metrics.get('modeldex_ready')).toBe(1)
    expect(metrics.get('modeldex_models')).toBe(4)
    // All of a metric stands together, under one head.
    const heads = text.split('\n').filter((line) => line.startsWith('# TYPE '))
    expect(new Set(heads).size).toBe(heads.length)
  })

  it('leaves out one that does not answer, and says so', async () => {
    const { url, pids } = await serveByWorkers(2)
    const stopped = pids().get(2) ?? 0
    process.kill(stopped, 'SIGSTOP')
    onTestFinished(() => void process.kill(stopped, 'SIGCONT'))
    const text = await scrape(url)
    expect(readMetrics(text).get('modeldex_workers')).toBe(2)
    expect(readMetrics(text).get('modeldex_workers_measured')).toBe(1)
    expect([...byWorker(text, 'process_resident_memory_bytes', '').keys()].sort()).toEqual(['1', 'primary'])
    process.kill(stopped, 'SIGCONT')
    await expect.poll(async () => readMetrics(await scrape(url)).get('modeldex_workers_measured')).toBe(2)
  })
})
