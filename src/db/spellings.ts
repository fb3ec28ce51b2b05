import { fold, joined } from './search-text.ts'

/**
 * How the same model is spelt by those who serve it. An ingest tells by these rules which model an entry is an offer of
 * where upstream does not say (ingest/offered-models.ts); `resolve` reads what it is asked for by them. Each was held
 * against the entries of which upstream does say it: `npm run bench:offers` prints how often it is right.
 */
export interface SpellingRule {
  name: string
  /** For people: what is left out of account. */
  meaning: string
  example: readonly [spelt: string, read: string]
  /** The spelling without it; the same text where it is not there. Texts are folded, without a path in front. */
  read(text: string): string
}

/** Sellers and labs that put their name in front of an id. */
const NAMES_IN_FRONT =
  /^(?:anthropic|coding|duo-chat|google|meta|nvidia|openai|qwen|umans|xiaomi|z-ai|zai|zai-org)-+(?=[^-])/

/** From the surest on: the first one that leads to a model decides. */
const PROVED_RULES = [
  {
    name: 'region',
    meaning: 'where it runs, behind `@`',
    example: ['claude-opus-5@eu', 'claude-opus-5'],
    read: (text) => text.replace(/@(?:default|eu|global|us)$/, ''),
  },
  {
    name: 'bedrock_id',
    meaning: 'geography, lab and revision as Amazon Bedrock writes them',
    example: ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5-20250929'],
    read: (text) => BEDROCK_ID.exec(text)?.[1] ?? text,
  },
  {
    name: 'tag',
    meaning: 'words behind `:`, a way to run it',
    example: ['glm-5.2:free', 'glm-5.2'],
    read: (text) => text.replace(/(?::[a-z]+)+$/, ''),
  },
  {
    name: 'precision',
    meaning: 'the precision of its numbers',
    example: ['glm-5.1-fp8', 'glm-5.1'],
    read: (text) => text.replace(/-(?:awq|bf16|fp16|fp4|fp8|int4|int8|nvfp4)$/, ''),
  },
  {
    name: 'hosting',
    meaning: '`-maas` (as a service) or `-tee` (in an enclave) at the end',
    example: ['gpt-oss-120b-maas', 'gpt-oss-120b'],
    read: (text) => text.replace(/-(?:maas|tee)$/, ''),
  },
  {
    name: 'name_in_front',
    meaning: 'the name of the lab or of the seller in front',
    example: ['anthropic-claude-opus-5', 'claude-opus-5'],
    read: (text) => text.replace(NAMES_IN_FRONT, ''),
  },
] as const satisfies readonly SpellingRule[]

const BEDROCK_ID = /^(?:[a-z]{2,6}(?:-[a-z]+)?\.)?[a-z]+\.([^.].*?)(?:-v\d+(?::\d+)?|-\d+:\d+)?$/

/** Holds where nothing else is known of a dated id; too few entries show how often it is right to build offers on it. */
const DATED_RULE = {
  name: 'dated_id',
  meaning: 'the date at the end',
  example: ['gpt-4.1-mini-2025-04-14', 'gpt-4.1-mini'],
  read: (text) => text.replace(/-(?:\d{8}|20\d{2}-\d{2}-\d{2})$/, ''),
} as const satisfies SpellingRule

/** All of them, in the order in which they are tried. */
export const SPELLING_RULES: readonly SpellingRule[] = [...PROVED_RULES, DATED_RULE]

/** How an entry came to be an offer of its model, the surest first. */
export const OFFER_RULES = [
  'canonical_model_id',
  'own_id',
  'same_model_id',
  ...PROVED_RULES.map(({ name }) => name),
] as const
export type OfferRule = (typeof OFFER_RULES)[number]

/** How an id that is asked for was read to lead to a model. */
export type ReadingRule = OfferRule | typeof DATED_RULE.name

/** A spelling that may be a model's. */
export interface Reading<Rule extends ReadingRule = OfferRule> {
  /** The last rule that was needed. */
  rule: Rule
  text: string
}

/** The readings of an id by the proved rules, the surest first, each text once; the first one is its last segment. */
export function readings(id: string): Reading[] {
  return readBy(PROVED_RULES, id)
}

/** The same with the rule that is not proved. */
export function allReadings(id: string): Reading<ReadingRule>[] {
  return readBy<ReadingRule>([...PROVED_RULES, DATED_RULE], id)
}

function readBy<Rule extends ReadingRule>(
  rules: readonly (SpellingRule & { name: Rule })[],
  id: string,
): Reading<Rule | 'same_model_id'>[] {
  const found: Reading<Rule | 'same_model_id'>[] = [{ rule: 'same_model_id', text: lastSegment(id) }]
  for (const { name, read } of rules) {
    // Several may be needed: each reads what those before it left.
    for (const { text } of [...found]) {
      const rest = read(text)
      if (rest !== '' && found.every((known) => known.text !== rest)) found.push({ rule: name, text: rest })
    }
  }
  return found
}

/** What models are compared by: letters and digits. Empty where an id holds none. */
export function spellingKey(text: string): string {
  return joined(text)
}

/** Folded, without a path in front. */
export function lastSegment(id: string): string {
  return fold(id.slice(id.lastIndexOf('/') + 1))
}

/** The id of the set of a model's offers that were found by a rule. */
export function offerSetValue(rule: OfferRule, model: string): string {
  return `${rule} ${model.toLowerCase()}`
}
