import type { Content } from './content.ts'

/** Takes a value that was cut out of a text, and where it stood there; what it returns takes the value's place. */
export type Keep = (value: unknown, from: number, to: number) => object

/** How deep the objects and lists stand that are parsed apart: in `api.json`, providers and models. */
const UNIT_DEPTH = 1
const CUT_DEPTH = 3

/** How much is looked at at a time, in bytes. */
const CHUNK_BYTES = 1024 * 1024
/** Longest text that is parsed at once, in bytes: a model, or all of a catalog or provider that stands between models. */
const MAX_PARSED_BYTES = 256 * 1024 * 1024

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [LIST_BEGIN, LIST_END, OBJECT_BEGIN, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Parses JSON as `JSON.parse` does, but for a text of any length: each object or list three levels down is parsed by
 * itself and given to `keep`. What is left is parsed with marks in their places, so it is `JSON.parse` alone that says what
 * is JSON, which of two equal keys counts, and in which order keys come.
 * @throws SyntaxError when it is no JSON
 */
export function parseSplit(content: Content, keep: Keep, chunkBytes = CHUNK_BYTES): unknown {
  const units: unknown[] = []
  const outside = marked(content, 0)
  let inside = marked(content, 0)
  let kept: object[] = []
  scanBrackets(content, chunkBytes, {
    open(depth, at) {
      if (depth !== UNIT_DEPTH) return
      inside = marked(content, at)
      kept = []
    },
    close(depth, from, to) {
      if (depth === CUT_DEPTH) {
        inside.mark(from, to, kept.length)
        kept.push(keep(parseAt(content, from, to), from, to))
      } else if (depth === UNIT_DEPTH) {
        outside.mark(from, to, units.length)
        const unit = inside.parse(to)
        if (isContainer(unit)) for (const part of Object.values(unit)) putBack(part, kept)
        units.push(unit)
      }
    },
  })
  const whole = outside.parse(content.size)
  putBack(whole, units)
  return whole
}

/** A text of which parts are left out. A mark is an object, and where it stands nothing else can be one. */
function marked(content: Content, start: number) {
  let text = ''
  let from = start
  const add = (to: number) => {
    if (text.length + to - from > MAX_PARSED_BYTES) throw tooLong(start)
    text += content.read(from, to).toString()
  }
  return {
    mark(cut: number, end: number, place: number) {
      add(cut)
      text += `{"":${place}}`
      from = end
    },
    parse(end: number): unknown {
      add(end)
      return parseJson(text, start)
    },
  }
}

/** Puts the values that marks stand for in the marks' places. */
function putBack(container: unknown, values: readonly unknown[]): void {
  if (!isContainer(container)) return
  for (const [key, mark] of Object.entries(container)) {
    if (isContainer(mark)) container[key] = values[Number(mark[''])]
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function parseAt(content: Content, from: number, to: number): unknown {
  if (to - from > MAX_PARSED_BYTES) throw tooLong(from)
  return parseJson(content.read(from, to).toString(), from)
}

function parseJson(text: string, from: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SyntaxError(from === 0 ? why : `${why}, in what begins at byte ${from}`, { cause })
  }
}

function tooLong(from: number): SyntaxError {
  return new SyntaxError(`what begins at byte ${from} is longer than ${MAX_PARSED_BYTES} bytes`)
}

interface Brackets {
  /** A bracket opens at `at`, inside so many others. */
  open(depth: number, at: number): void
  /** What a bracket opened at `from` ends before `to`. */
  close(depth: number, from: number, to: number): void
}

/** Finds the brackets of a JSON text. No byte of a character beyond ASCII is like one of ASCII, so bytes will do. */
function scanBrackets(content: Content, chunkBytes: number, { open, close }: Brackets): void {
  const starts: number[] = []
  let depth = 0
  let isText = false
  let isEscaped = false
  for (let from = 0; from < content.size; from += chunkBytes) {
    const chunk = Buffer.from(content.read(from, Math.min(from + chunkBytes, content.size)))
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isText = false
      } else if (byte === QUOTE) {
        isText = true
      } else if (byte === OBJECT_BEGIN || byte === LIST_BEGIN) {
        if (depth <= CUT_DEPTH) {
          starts[depth] = from + index
          open(depth, from + index)
        }
        depth++
      } else if (byte === OBJECT_END || byte === LIST_END) {
        depth--
        const start = starts[depth]
        if (depth <= CUT_DEPTH && start !== undefined) close(depth, start, from + index + 1)
      }
    }
  }
}
