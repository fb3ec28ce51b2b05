import { once } from 'node:events'
import { createServer } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FETCH_LIMITS } from '../../src/source/fetch.ts'
import { loadSource } from '../../src/source/load.ts'
import { fails, fakeUpstream, hangs, redirects, sends, sendsTagged, TWO, trickles } from './fake-upstream.ts'

const TEXT = JSON.stringify(TWO)
const FIVE_GB = 5_000_000_000

/** Fails with this code and message, and without what nobody is to see. */
async function expectRefused(
  from: string,
  code: string,
  message: RegExp,
  limits: Partial<typeof FETCH_LIMITS> = {},
) {
  const error = await loadSource(from, { limits: { ...FETCH_LIMITS, ...limits } }).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(String(error)).not.toMatch(/secret/)
}

async function loaded(from: string): Promise<{ text: string; source: string }> {
  const { content, source } = await loadSource(from)
  const text = content.read(0, content.size).toString()
  content.close()
  return { text, source }
}

describe('what is asked', () => {
  it('is the catalog, compressed, by name', async () => {
    const upstream = await fakeUpstream()
    expect(await loaded(upstream.url)).toEqual({ text: TEXT, source: upstream.url })
    expect(upstream.requests[0]).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'br, gzip', 'user-agent': 'modeldex' },
    })
  })

  it('carries the credentials and the query of the URL, and shows neither', async () => {
    const upstream = await fakeUpstream()
    const from = upstream.url.replace('http://', 'http://me:s%20secret%@').concat('?key=secret')
    expect(await loadSource(from)).toMatchObject({ source: upstream.url })
    const [request] = upstream.requests
    expect(request?.url).toBe('/api.json?key=secret')
    expect(request?.headers.authorization).toBe(`Basic ${btoa('me:s%20secret%')}`)
    upstream.answer = fails(503)
    await expectRefused(from, 'bad_gateway', /api\.json answered 503$/)
    await expectRefused('http://me:secret@[half', 'bad_gateway', /…@\[half is no URL/)
  })

  it('asks only for what is new, where something is known', async () => {
    const upstream = await fakeUpstream(sendsTagged(TWO, '"one"'))
    const first = await loadSource(upstream.url, {})
    expect(first?.validators).toEqual({ etag: '"one"', lastModified: null })
    expect(await loadSource(upstream.url, { known: first?.validators })).toBeUndefined()
    const lastModified = 'Wed, 30 Sep 2026 00:00:00 GMT'
    upstream.answer = sends(TWO, { 'last-modified': lastModified })
    const second = await loadSource(upstream.url, { known: first?.validators })
    expect(second?.validators).toEqual({ etag: null, lastModified })
    upstream.answer = fails(304)
    expect(await loadSource(upstream.url, { known: second?.validators })).toBeUndefined()
    expect(upstream.requests.at(-1)?.headers['if-modified-since']).toBe(lastModified)
    await expectRefused(upstream.url, 'bad_gateway', /answered 304$/)
  })
})

describe('an answer', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', Buffer.from(TEXT)],
  ])('may be encoded as %s', async (coding, body) => {
    const upstream = await fakeUpstream(sends(body, { 'content-encoding': coding }))
    expect(await loaded(upstream.url)).toMatchObject({ text: TEXT })
  })

  it('may call itself what it likes', async () => {
    const upstream = await fakeUpstream(sends(TWO, { 'content-type': 'text/html' }))
    expect(await loaded(upstream.url)).toMatchObject({ text: TEXT })
  })

  it.each([204, 206, 401, 404, 500, 503])('of status %i is none', async (status) => {
    const upstream = await fakeUpstream(fails(status))
    await expectRefused(upstream.url, 'bad_gateway', new RegExp(`answered ${status}$`))
  })

  it('of an unknown coding is refused', async () => {
    const upstream = await fakeUpstream(sends('x', { 'content-encoding': 'zstd' }))
    await expectRefused(upstream.url, 'bad_gateway', /unknown Content-Encoding "zstd"/)
  })

  it.each([
    ['gzip', gzipSync(TEXT.repeat(100))],
    ['br', brotliCompressSync(TEXT.repeat(100))],
  ])('cut short in %s is refused', async (coding, body) => {
    const half = body.subarray(0, body.length - 20)
    const upstream = await fakeUpstream(sends(half, { 'content-encoding': coding }))
    await expectRefused(upstream.url, 'bad_gateway', /cannot fetch .*unexpected end of file/)
  })

  it('that is no gzip is refused', async () => {
    const upstream = await fakeUpstream(sends(TEXT, { 'content-encoding': 'gzip' }))
    await expectRefused(upstream.url, 'bad_gateway', /incorrect header check/)
  })

  it.each([
    ['length', { 'content-length': '100' }],
    ['end', {}],
  ])('that breaks off before its %s is refused', async (_what, headers) => {
    const upstream = await fakeUpstream((_request, response) => {
      response.writeHead(200, headers).write('{"acme"')
      setImmediate(() => response.destroy())
    })
    await expectRefused(upstream.url, 'bad_gateway', /the connection broke off/)
  })

  it('that is no HTTP is refused', async () => {
    const server = createServer((socket) => socket.end('220 ftp ready\r\n')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expectRefused(`http://127.0.0.1:${port}/`, 'bad_gateway', /cannot fetch .*Parse Error/)
    await expectRefused(
      `https://127.0.0.1:${port}/`,
      'bad_gateway',
      /cannot fetch https.*(wrong version|SSL)/i,
    )
  })

  it('that nobody gives is told with its reason', async () => {
    await expectRefused('http://me:secret@127.0.0.1:1/', 'bad_gateway', /127\.0\.0\.1:1\/: .*ECONNREFUSED/)
    await expectRefused('http://localhost:1/', 'bad_gateway', /ECONNREFUSED/)
    await expectRefused('http://nowhere.invalid/', 'bad_gateway', /(ENOTFOUND|EAI_AGAIN)/)
  })
})

describe('size', () => {
  it('of 5 GB, declared, is refused before it is sent', async () => {
    let sent = 0
    const upstream = await fakeUpstream((_request, response) => {
      response.writeHead(200, { 'content-length': FIVE_GB })
      sent += endless(response)
    })
    await expectRefused(upstream.url, 'bad_gateway', /would send 5000000000 bytes: the limit is 256000000/)
    expect(sent).toBeLessThan(1_000_000)
  })

  it('of 5 GB, not declared, is refused at the limit', async () => {
    const upstream = await fakeUpstream((_request, response) => void endless(response.writeHead(200)))
    await expectRefused(upstream.url, 'bad_gateway', /sent more than 10000000 bytes/, {
      maxBytes: 10_000_000,
    })
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
  ])('is counted decoded: a bomb in %s', async (coding, bomb) => {
    expect(bomb.length).toBeLessThan(100_000)
    const upstream = await fakeUpstream(sends(bomb, { 'content-encoding': coding }))
    await expectRefused(upstream.url, 'bad_gateway', /sent more than 10000000 bytes/, {
      maxBytes: 10_000_000,
    })
  })

  it('is counted as sent, too: gzip that decodes to nothing', async () => {
    const nothing = gzipSync('')
    const upstream = await fakeUpstream(
      sends(Buffer.concat(Array.from({ length: 1000 }, () => nothing)), {
        'content-encoding': 'gzip',
      }),
    )
    await expectRefused(upstream.url, 'bad_gateway', /(would send|sent more)/, { maxBytes: 5_000 })
  })

  function endless(response: import('node:http').ServerResponse): number {
    const block = Buffer.alloc(64 * 1024, ' ')
    let sent = 0
    const more = () => {
      while (!response.destroyed) {
        sent += block.length
        if (!response.write(block)) break
      }
    }
    response.on('drain', more)
    more()
    return sent
  }
})

describe('time', () => {
  it.each([
    ['silence', hangs],
    ['silence before the first byte', () => {}],
  ])('%s is ended', async (_what, answer) => {
    const upstream = await fakeUpstream(answer)
    await expectRefused(upstream.url, 'gateway_timeout', /api\.json sent nothing for 0\.2 s$/, {
      stallMs: 200,
    })
  })

  it('a byte now and then is ended as well', async () => {
    const upstream = await fakeUpstream(trickles)
    await expectRefused(upstream.url, 'gateway_timeout', /did not answer in full within 0\.5 s$/, {
      timeoutMs: 500,
    })
  })

  it('counts redirects in', async () => {
    const upstream = await fakeUpstream((request, response) => {
      const next = `/${Number(request.url?.slice(1) || 0) + 1}`
      setTimeout(() => redirects(next)(request, response), 200)
    })
    await expectRefused(`${upstream.origin}/0`, 'gateway_timeout', /in full within 0\.5 s/, {
      timeoutMs: 500,
    })
  })
})

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed', async (status) => {
    const upstream = await fakeUpstream((request, response) => {
      const answer = request.url === '/api.json' ? sends(TWO) : redirects('api.json', status)
      answer(request, response)
    })
    const from = `${upstream.origin}/old`
    expect(await loaded(from)).toEqual({ text: TEXT, source: from })
  })

  it('credentials stay where they belong', async () => {
    const other = await fakeUpstream()
    const upstream = await fakeUpstream(redirects(other.url.replace('http://', 'http://their:secret@')))
    await loadSource(upstream.url.replace('http://', 'http://me:secret@'))
    expect(upstream.requests[0]?.headers.authorization).toBeDefined()
    expect(other.requests[0]?.headers.authorization).toBeUndefined()
  })

  it.each([
    ['a circle', '/api.json', /redirects in a circle, back to .*api\.json$/],
    ['a file', 'file:///etc/passwd', /redirects to file:, which is not followed/],
    ['ftp', 'ftp://127.0.0.1/api.json', /redirects to ftp:, which is not followed/],
    ['data', 'data:application/json,{}', /redirects to data:, which is not followed/],
    ['nowhere', 'http://[', /redirects to what is no URL/],
  ])('to %s is refused', async (_what, location, message) => {
    const upstream = await fakeUpstream(redirects(location))
    await expectRefused(upstream.url, 'bad_gateway', message)
  })

  it('without end are refused', async () => {
    const upstream = await fakeUpstream((request, response) =>
      redirects(`${request.url}x`)(request, response),
    )
    await expectRefused(upstream.url, 'bad_gateway', /redirects more than 5 times/)
    expect(upstream.requests).toHaveLength(6)
  })

  it('that say nowhere to go are no answer', async () => {
    const upstream = await fakeUpstream(fails(302))
    await expectRefused(upstream.url, 'bad_gateway', /answered 302/)
  })
})
