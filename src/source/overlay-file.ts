import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { type Json, type Overlay, type OverlayFault, parseOverlay } from './overlay.ts'
import { isRecord } from './schema.ts'

/** Largest overlay file, in bytes. */
const MAX_OVERLAY_BYTES = 8 * 1024 * 1024
/** How many faults one error tells of. */
const FAULTS_SHOWN = 20

/**
 * Reads an overlay file: TOML where its name ends in `.toml`, else JSON.
 * @throws AppError `bad_gateway` naming the file, and each fault of it with its place
 */
export async function readOverlay(file: string): Promise<Overlay>
export async function readOverlay(file: string | undefined): Promise<Overlay | undefined>
export async function readOverlay(file: string | undefined): Promise<Overlay | undefined> {
  if (file === undefined) return undefined
  const { overlay, faults } = parseOverlay(await readValue(file))
  if (faults.length > 0) throw badOverlay(file, faults)
  return overlay
}

function badOverlay(file: string, faults: readonly OverlayFault[]): AppError {
  const shown = faults.slice(0, FAULTS_SHOWN).map(({ path, message }) => `\n  ${path}: ${message}`)
  const more = faults.length - shown.length
  return new AppError(
    'bad_gateway',
    `${file} is no overlay:${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}`,
  )
}

async function readValue(file: string): Promise<unknown> {
  const text = await readText(file)
  if (!file.toLowerCase().endsWith('.toml')) return parseJson(file, text)
  // Loaded here: most overlays are JSON, and most services have none.
  const { parse, TomlError } = await import('smol-toml')
  try {
    return withoutDates(parse(text))
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [why = ''] = cause.message.replace('Invalid TOML document: ', '').split('\n')
    throw new AppError('bad_gateway', `${file}:${cause.line}:${cause.column}: is no TOML: ${why}`, { cause })
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > MAX_OVERLAY_BYTES) {
      throw new AppError('bad_gateway', `${file} has ${size} bytes, more than ${MAX_OVERLAY_BYTES}`)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('bad_gateway', `cannot read the overlay ${file}: ${messageOf(cause)}`, { cause })
  }
}

function parseJson(file: string, text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const { line, column, why } = syntaxFault(text, cause)
    throw new AppError('bad_gateway', `${file}:${line}:${column}: is no JSON: ${why}`, { cause })
  }
  const twice = keyGivenTwice(text)
  if (twice !== undefined) {
    throw new AppError(
      'bad_gateway',
      `${file}:${twice.line}: ${twice.key} stands in its object twice; only one would count`,
    )
  }
  return value
}

/** What V8 says of a text that is no JSON, without the part of the text that it quotes. */
function syntaxFault(text: string, error: unknown) {
  const said = messageOf(error)
  const [why = said] = /^Unexpected token '.'(?=,)|^.*?(?= in JSON| \(line)/su.exec(said) ?? []
  const before = text.slice(0, offsetOf(text, said)).split('\n')
  return { why, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Where V8 names no position, it is the end, or the first character with which the text is no longer only cut off. */
function offsetOf(text: string, said: string): number {
  const [, position] = /at position (\d+)/.exec(said) ?? []
  if (position !== undefined) return Number(position)
  if (!isUnexpectedToken(said)) return text.length
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (isWrongWithin(text.slice(0, middle))) bad = middle
    else good = middle
  }
  return good
}

function isWrongWithin(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return false
  } catch (error) {
    return isUnexpectedToken(messageOf(error))
  }
}

function isUnexpectedToken(said: string): boolean {
  return said.startsWith('Unexpected token')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/gs

/** The first key of valid JSON that its object has already: `JSON.parse` would let the last one win. */
function keyGivenTwice(text: string): { key: string; line: number } | undefined {
  const open: Set<unknown>[] = []
  for (const { 0: token, 1: quoted, 2: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (quoted !== undefined && colon !== undefined) {
      const key: unknown = JSON.parse(quoted)
      if (open.at(-1)?.has(key)) return { key: quoted, line: text.slice(0, index).split('\n').length }
      open.at(-1)?.add(key)
    }
  }
  return undefined
}

/** TOML's dates as models.dev writes them, as text. */
function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(withoutDates)
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [key, withoutDates(member)])
  return Object.fromEntries(members) satisfies Json
}
