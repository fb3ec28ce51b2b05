import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import express from 'express'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { AppError, ERRORS, type ErrorCode } from '../../src/errors.ts'
import { newExchange } from '../../src/http/exchange.ts'
import { answerErrors } from '../../src/http/routes.ts'
import { expectEnvelope } from './wire.ts'

/** An app that fails in one way only. */
async function failingApp(fail: express.RequestHandler) {
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) })
  const app = express()
    .use((request, response, next) => {
      response.locals.exchange = newExchange(request, response, [], [])
      next()
    })
    .use(fail)
    .use(answerErrors(pino(sink)))
  const server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?secret=1`, lines }
}

it.each(Object.keys(ERRORS) as ErrorCode[])('%s has its status and type', async (code) => {
  const items = code === 'validation' ? { items: [] } : {}
  const { url } = await failingApp(() => {
    throw new AppError(code, 'what went wrong', items)
  })
  const answer = await fetch(url)
  const body = expectEnvelope(answer, await answer.text(), ERRORS[code].status, ERRORS[code].type)
  expect(body.detail).toBe(code === 'internal' ? 'Internal server error' : 'what went wrong')
})

it('answers what nobody foresaw with a fixed text, and logs it with its cause', async () => {
  const { url, lines } = await failingApp(async () => {
    throw new Error('password is hunter2', { cause: new Error('the reason') })
  })
  const answer = await fetch(url)
  const text = await answer.text()
  expectEnvelope(answer, text, 500, 'server_error')
  expect(text).not.toContain('hunter2')
  expect(lines.join()).toMatch(/hunter2.*the reason/)
  expect(lines.join()).not.toContain('secret')
})

it.each([
  ['a value that is no error', () => Promise.reject('text')],
  ['nothing at all', () => Promise.reject()],
])('answers %s as an internal error', async (_name, fail) => {
  const { url } = await failingApp(fail)
  const answer = await fetch(url)
  expectEnvelope(answer, await answer.text(), 500, 'server_error')
})

it.each([
  ['a URIError of the router', Object.assign(new URIError('Failed to decode'), { status: 400 })],
  ['an HTTP error of a body parser', Object.assign(new Error('request entity too large'), { status: 413 })],
])('answers %s as 400', async (_name, error) => {
  const { url, lines } = await failingApp(() => {
    throw error
  })
  const answer = await fetch(url)
  expectEnvelope(answer, await answer.text(), 400, 'invalid_error')
  expect(lines).toEqual([])
})

it('cuts off an answer that fails half way', async () => {
  const { url } = await failingApp((_request, response) => {
    response.write('half')
    throw new Error('too late')
  })
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
})
