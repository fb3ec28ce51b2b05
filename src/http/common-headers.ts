import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'
import type { Config } from '../config.ts'
import { IncomingMessage as Message, ServerResponse } from '../program/node-http.ts'
import { corsHeaders } from './cors.ts'
import type { FlatHeaders } from './exchange.ts'

/** Makes the function that tells what every answer to a request says, whatever it is. */
export function commonHeaders({ corsOrigins }: Config): (request: IncomingMessage) => FlatHeaders {
  const vary = [
    'Vary',
    `Accept-Encoding, Authorization, X-API-Key${corsOrigins === undefined ? '' : ', Origin'}`,
  ]
  if (corsOrigins === undefined) return () => vary
  return ({ headers: { origin } }) => [...vary, ...corsHeaders(corsOrigins, origin)]
}

/** The answers are data: nothing in them may be run or framed. */
const DATA_POLICY = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] }

/** A page runs its own scripts, talks to its own service and to nobody else. */
export const PAGE_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/**
 * What may be run, by a page's policy of CSP directives, and that nothing may be framed or sniffed. TLS belongs to the proxy in front.
 * Taken from helmet once, for they are the same for every request.
 * @param page undefined: for data
 */
export function securityHeaders(page?: Record<string, string[]>): FlatHeaders {
  const isPage = page !== undefined
  const headers: string[] = []
  const request = new Message(new Socket())
  const response = new ServerResponse(request)
  response.setHeader = (name, value) => {
    headers.push(name, String(value))
    return response
  }
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: page ?? DATA_POLICY },
    strictTransportSecurity: false,
    // Data has no links, and its policy forbids to frame it, more strictly than this header.
    referrerPolicy: isPage,
    xFrameOptions: isPage,
    // These speak to pages alone, and every answer would carry them.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  setHeaders(request, response, (error) => {
    if (error !== undefined) throw error
  })
  return headers
}
