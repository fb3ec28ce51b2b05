/** What is sent and answered in one request, and how many there are in a month. */
export interface Usage {
  input: number
  output: number
  /** Of the prompt, read from a cache; counted apart from `input`. */
  cached: number
  requests: number
}

export type UsageName = keyof Usage

const USUAL: Usage = { input: 2_000, output: 500, cached: 0, requests: 10_000 }
/** The service reckons with no more. */
const MAX_COUNT = 10 ** 12

/** The usage that the URL tells; what it does not tell, or not as a whole number, is a usual one. */
export function readUsage(options: Readonly<Record<string, string>>): Usage {
  const read = (name: UsageName) => countOf(options[optionOf(name)] ?? '') ?? USUAL[name]
  return { input: read('input'), output: read('output'), cached: read('cached'), requests: read('requests') }
}

/** How the URL calls it. */
export function optionOf(name: UsageName): string {
  return name === 'requests' ? 'requests' : `${name}_tokens`
}

/** A number of tokens or requests; undefined for what is none. */
export function countOf(text: string): number | undefined {
  const number = Number(text)
  return /^\d+$/.test(text) && number <= MAX_COUNT ? number : undefined
}

/** The service's parameters; undefined where there is nothing to reckon. */
export function usageParams({ input, output, cached, requests }: Usage): Record<string, string> | undefined {
  if (requests === 0 || input + output + cached === 0) return undefined
  return {
    input_tokens: String(input),
    output_tokens: String(output),
    cache_read_tokens: String(cached),
    requests: String(requests),
  }
}
