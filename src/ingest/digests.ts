import { idOf, splitId } from './subjects.ts'

/** How much of its SHA-256 is a model's digest, in bytes. */
export const DIGEST_BYTES = 16

/** Each model's digest, by its id. */
export interface Digests extends Iterable<[id: string, digest: string]> {
  readonly size: number
  get(id: string): string | undefined
  has(id: string): boolean
  keys(): Iterable<string>
}

/** The models of one provider. */
interface OfProvider {
  /** Sorted as `<` compares. */
  modelIds: readonly string[]
  /** One after the other, in the order of the ids. */
  digests: Buffer
}

/** Digests as bytes, by ids that others keep anyway: a map of a large catalog takes several times the memory. */
export class DigestTable implements Digests {
  readonly #providers = new Map<string, OfProvider>()
  #size = 0

  /** Takes the models of one provider, all of them, sorted by id as `<` compares. */
  add(provider: string, modelIds: readonly string[], digests: Buffer): void {
    this.#providers.set(provider, { modelIds, digests })
    this.#size += modelIds.length
  }

  get size(): number {
    return this.#size
  }

  get(id: string): string | undefined {
    const found = this.#find(id)
    return found && digestAt(...found)
  }

  has(id: string): boolean {
    return this.#find(id) !== undefined
  }

  *keys(): Generator<string> {
    for (const [id] of this) yield id
  }

  *[Symbol.iterator](): Generator<[id: string, digest: string]> {
    for (const [provider, held] of this.#providers) {
      for (const [place, modelId] of held.modelIds.entries()) {
        yield [idOf(provider, modelId), digestAt(held, place)]
      }
    }
  }

  #find(id: string): [held: OfProvider, place: number] | undefined {
    const [provider, modelId] = splitId(id)
    const held = this.#providers.get(provider)
    const place = held === undefined ? -1 : placeOf(held.modelIds, modelId)
    return held === undefined || place === -1 ? undefined : [held, place]
  }
}

/** As rows keep it. */
function digestAt({ digests }: OfProvider, place: number): string {
  return digests.toString('base64url', place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES)
}

/** @returns -1 where it is not there */
function placeOf(sorted: readonly string[], sought: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') < sought) low = middle + 1
    else high = middle
  }
  return sorted[low] === sought ? low : -1
}
