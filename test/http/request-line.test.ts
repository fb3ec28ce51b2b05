import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type RequestLine, requestLog } from '../../src/http/request-line.ts'

const ANSWERED: RequestLine = {
  id: 'checkout-42',
  method: 'GET',
  path: '/api/v1/inference/catalog',
  status: 200,
  ms: 0.125,
  bytes: 7869,
  aborted: false,
}

it.each<[string, RequestLine]>([
  ['was answered', ANSWERED],
  ['was answered to nobody', { ...ANSWERED, aborted: true }],
  ['was never answered', { ...ANSWERED, status: undefined, bytes: 0, aborted: true }],
  ['has what JSON escapes in its path', { ...ANSWERED, path: '/a"b\\c<d>/%22' }],
])('writes the line that pino would write of a request that %s', (_name, line) => {
  const lines: string[] = []
  const time = () => ',"time":1790000000000'
  const log = pino({ timestamp: time }, { write: (text) => void lines.push(text) })
  for (const each of [log, log.child({ worker: 3 })]) {
    requestLog(each)(line)
    const { aborted, ...always } = line
    each.info(aborted ? line : always, 'request')
  }
  const [first, ofPino, ofWorker, ofPinoWorker] = lines
  expect(first).toBe(ofPino)
  expect(ofWorker).toBe(ofPinoWorker)
  expect(JSON.parse(ofWorker ?? '')).toMatchObject({ worker: 3, level: 30, msg: 'request' })
})

it('leaves the other lines of a log alone, and says nothing below its level', () => {
  const lines: string[] = []
  const log = pino({ base: null, timestamp: false }, { write: (text) => void lines.push(text) })
  requestLog(log)
  log.warn({ any: ['thing'] }, 'other')
  requestLog(pino({ level: 'warn' }, { write: (text) => void lines.push(text) }))(ANSWERED)
  expect(lines).toEqual(['{"level":40,"any":["thing"],"msg":"other"}\n'])
})
