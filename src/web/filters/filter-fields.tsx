import { roundMoney, tokens, words } from '../format.ts'
import { type Filter, type Filters, itemsOf } from '../state.ts'
import { filter } from '../store.ts'
import { useAnswer } from '../use-answer.ts'
import { CAPABILITIES } from '../vocabulary.ts'
import type { Counted, Facets, ProviderList } from '../wire.ts'
import { CheckList } from './check-list.tsx'
import { type Choice, ChoiceList } from './choice-list.tsx'
import { RangeFilter } from './range-filter.tsx'
import type { Scale } from './scale.ts'

/** USD per 1M tokens. */
const PRICE: Scale = { stops: [0, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 15, 30, 60], show: roundMoney }
/** Tokens. Round ones: a window of 128,000 is sold as 128K as one of 131,072 is. */
const CONTEXT: Scale = {
  stops: [8_000, 16_000, 32_000, 64_000, 128_000, 200_000, 256_000, 400_000, 1_000_000, 2_000_000],
  show: tokens,
}

interface FilterFieldsProps {
  filters: Filters
  facets: Facets | undefined
}

export function FilterFields({ filters, facets }: FilterFieldsProps) {
  const providers = useAnswer<ProviderList>('providers').answer?.body.providers
  const names = new Map(providers?.map(({ id, name }) => [id, name ?? id]))
  const listed = (name: Filter) => ({
    chosen: itemsOf(filters[name]),
    onChange: (chosen: string[]) => filter({ [name]: chosen.join(',') }),
  })
  return (
    <div class="filter-fields">
      <ChoiceList
        title="Provider"
        chosen={filters.provider.toLowerCase()}
        choices={choicesOf(facets?.provider, filters.provider, (id) => names.get(id) ?? id)}
        onChoose={(provider) => filter({ provider })}
      />
      <CheckList
        title="Capabilities"
        kind="checkbox"
        choices={CAPABILITIES.map((name) => ({
          value: name,
          title: words(name),
          count: facets && (facets.capability.find(({ value }) => value === name)?.count ?? 0),
        }))}
        {...listed('capabilities')}
      />
      <RangeFilter
        title="Price per 1M tokens"
        what="price"
        scale={PRICE}
        names={['min_price', 'max_price']}
        min={filters.min_price}
        max={filters.max_price}
        histogram={facets?.price}
      />
      <RangeFilter
        title="Context window"
        what="context window"
        scale={CONTEXT}
        names={['min_context', 'max_context']}
        min={filters.min_context}
        max={filters.max_context}
        histogram={facets?.context}
      />
      <CheckList
        title="Weights"
        kind="radio"
        choices={['true', 'false'].map((value) => ({
          value,
          title: value === 'true' ? 'open' : 'closed',
          count:
            facets && (facets.open_weights.find((counted) => String(counted.value) === value)?.count ?? 0),
        }))}
        {...listed('open_weights')}
      />
      <CheckList
        title="Takes in"
        kind="checkbox"
        choices={choicesOf(facets?.input_modality, filters.input_modality)}
        {...listed('input_modality')}
      />
      <CheckList
        title="Puts out"
        kind="checkbox"
        choices={choicesOf(facets?.output_modality, filters.output_modality)}
        {...listed('output_modality')}
      />
      <CheckList
        title="Status"
        kind="radio"
        choices={choicesOf(
          facets?.status.map(({ value, count }) => ({ value: value ?? 'none', count })),
          filters.status,
          (status) => (status === 'none' ? 'in service' : status),
        )}
        {...listed('status')}
      />
      <ReleasedAfter date={filters.released_after} />
      <ChoiceList
        title="Family"
        chosen={filters.family.toLowerCase()}
        choices={choicesOf(facets?.family, filters.family)}
        onChoose={(family) => filter({ family })}
      />
    </div>
  )
}

/** What a facet counted, known values alone; what is chosen is there even where nothing has it. */
function choicesOf(
  counted: readonly Counted<string | null>[] | undefined,
  chosen: string,
  titleOf: (value: string) => string = words,
): Choice[] {
  const choices = (counted ?? []).flatMap(({ value, count }) =>
    value === null ? [] : [{ value, title: titleOf(value), count }],
  )
  const absent = itemsOf(chosen.toLowerCase()).filter((item) => choices.every(({ value }) => value !== item))
  return [...choices, ...absent.map((value) => ({ value, title: titleOf(value), count: counted && 0 }))]
}

function ReleasedAfter({ date }: { date: string }) {
  return (
    <div class="filter">
      <label class="field">
        Released since
        <input
          type="date"
          // The service takes a year or a month as well; the browser's field does not.
          value={date === '' ? '' : `${date}-01-01`.slice(0, 'YYYY-MM-DD'.length)}
          // Each digit of a year that is typed makes another date.
          onChange={({ currentTarget }) => filter({ released_after: currentTarget.value }, 'released_after')}
        />
      </label>
    </div>
  )
}
