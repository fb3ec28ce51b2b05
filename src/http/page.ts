import { extname } from 'node:path'
import { AppError } from '../errors.ts'
import { PAGE_POLICY, securityHeaders } from './common-headers.ts'
import type { AppContext, Handler } from './context.ts'
import { type Exchange, secureBy } from './exchange.ts'
import { PAGE, type PageFiles } from './page-bundle.ts'
import { readPageFiles } from './page-files.ts'
import { fileSender, type SendFile } from './served-file.ts'

export const PAGE_PATH = '/'
export const ASSETS_PATH = '/assets'
/** What the page is made of, by name. */
export const ASSET = /^\/assets\/./

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** What the page says of signing in, and what it says where that is off. */
const SIGN_IN = ['name="sign-in" content="needed"', 'name="sign-in" content="off"'] as const

/** The page for people, and what it is made of: read, or made, when it is first asked for. */
export function pageHandlers({ tokens }: Pick<AppContext, 'tokens'>): Record<'page' | 'asset', Handler> {
  const security = securityHeaders(PAGE_POLICY)
  const senders = new Map<string, SendFile>()
  let files: Promise<PageFiles> | undefined

  const read = async (name: string) => {
    files ??= readPageFiles()
    // What failed may work the next time.
    files.catch(() => {
      files = undefined
    })
    const made = (await files).get(name)
    const text = tokens === undefined && name === PAGE ? made?.replace(...SIGN_IN) : made
    if (text === undefined) throw new AppError('not_found', `The page has no part ${name}`)
    return { text, contentType: CONTENT_TYPES[extname(name)] ?? 'text/plain; charset=utf-8' }
  }
  const send = async (exchange: Exchange, name: string) => {
    const sender = senders.get(name) ?? fileSender(() => read(name))
    secureBy(exchange, security)
    await sender(exchange)
    // Only now: names that lead nowhere are not kept.
    senders.set(name, sender)
  }
  return {
    page: (_request, response) => send(response.locals.exchange, PAGE),
    asset: (_request, response) => {
      const { exchange, target } = response.locals
      const name = target.path.slice(ASSETS_PATH.length + 1)
      // The page itself is at its own path alone.
      if (name === PAGE) throw new AppError('not_found', `The page has no part ${name}`)
      return send(exchange, name)
    },
  }
}
