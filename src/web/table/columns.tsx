import type { ComponentChildren } from 'preact'
import { date, exactTokens, money, tokens, UNKNOWN, words } from '../format.ts'
import { Hidden, hasIcon, NamedIcon } from '../icons.tsx'
import type { Sort } from '../state.ts'
import { CAPABILITIES } from '../vocabulary.ts'
import type { Entry } from '../wire.ts'

/** A column that people may show or hide. */
export interface Column {
  name: string
  title: string
  /** What the title leaves out. */
  hint?: string
  /** In px. */
  width: number
  isNumber?: boolean
  /** What a click on its head sorts by, and what the next one does; the two prices share theirs. */
  sorts?: readonly Sort[]
  cell: (entry: Entry) => ComponentChildren
}

const BY_PRICE: readonly Sort[] = ['price', '-price']

export const COLUMNS: readonly Column[] = [
  { name: 'provider', title: 'Provider', width: 132, cell: ({ provider }) => provider },
  {
    name: 'input',
    title: 'Input',
    hint: 'USD per 1M tokens in; sorts by the higher of both prices',
    width: 84,
    isNumber: true,
    sorts: BY_PRICE,
    cell: ({ cost }) => <Price usd={cost?.input} />,
  },
  {
    name: 'output',
    title: 'Output',
    hint: 'USD per 1M tokens out; sorts by the higher of both prices',
    width: 84,
    isNumber: true,
    sorts: BY_PRICE,
    cell: ({ cost }) => <Price usd={cost?.output} />,
  },
  {
    name: 'context',
    title: 'Context',
    hint: 'Context window, in tokens',
    width: 88,
    isNumber: true,
    sorts: ['context', '-context'],
    cell: ({ limits }) => <Tokens number={limits?.context} />,
  },
  {
    name: 'output_limit',
    title: 'Max out',
    hint: 'Most tokens of one answer',
    width: 84,
    isNumber: true,
    cell: ({ limits }) => <Tokens number={limits?.output} />,
  },
  { name: 'capabilities', title: 'Capabilities', width: 174, cell: (entry) => <Capabilities of={entry} /> },
  {
    name: 'modalities',
    title: 'In → out',
    hint: 'Modalities',
    width: 176,
    cell: (entry) => <Modalities of={entry} />,
  },
  {
    name: 'weights',
    title: 'Weights',
    width: 84,
    cell: ({ open_weights: isOpen }) => (isOpen === null ? UNKNOWN : isOpen ? 'open' : 'closed'),
  },
  {
    name: 'knowledge',
    title: 'Knowledge',
    hint: 'Knowledge cutoff',
    width: 124,
    cell: ({ knowledge }) => date(knowledge),
  },
  {
    name: 'released',
    title: 'Released',
    width: 124,
    sorts: ['newest'],
    cell: ({ release_date: released }) => date(released),
  },
]

/** The columns that suit a window of so many px. */
export function usualColumns(width: number): string[] {
  const few = ['input', 'output', 'context']
  if (width < 640) return few
  if (width < 1_280) return ['provider', ...few, 'capabilities']
  const usual = ['provider', ...few, 'output_limit', 'capabilities', 'released']
  return width < 1_800 ? usual : [...usual, 'modalities', 'weights', 'knowledge']
}

function Price({ usd }: { usd: number | null | undefined }) {
  const shown = money(usd)
  return <span class={shown === UNKNOWN ? 'unknown' : shown === 'free' ? 'free' : undefined}>{shown}</span>
}

function Tokens({ number }: { number: number | null | undefined }) {
  const shown = tokens(number)
  if (shown === UNKNOWN) return <span class="unknown">{UNKNOWN}</span>
  return <span data-tip={exactTokens(number)}>{shown}</span>
}

function Capabilities({ of: { capabilities } }: { of: Entry }) {
  if (capabilities.length === 0) return <Hidden>none</Hidden>
  return (
    <span class="capabilities">
      {CAPABILITIES.map((name) =>
        capabilities.includes(name) ? (
          <NamedIcon key={name} name={name} label={words(name)} />
        ) : (
          <span key={name} class="named-icon" />
        ),
      )}
    </span>
  )
}

function Modalities({ of: { modalities } }: { of: Entry }) {
  if (modalities === null) return <span class="unknown">{UNKNOWN}</span>
  return (
    <span class="modalities">
      <ModalityList names={modalities.input} />
      <span aria-hidden="true">→</span>
      <Hidden>to</Hidden>
      <ModalityList names={modalities.output} />
    </span>
  )
}

function ModalityList({ names }: { names: readonly string[] }) {
  return (
    <>
      {names.map((name) =>
        hasIcon(name) ? <NamedIcon key={name} name={name} label={name} /> : <span key={name}>{name}</span>,
      )}
    </>
  )
}
