import { words } from '../format.ts'
import { Hidden } from '../icons.tsx'
import type { FullModel, Prices } from '../model-wire.ts'
import { exactPrice, isRecord, tierTitle } from '../model-words.ts'
import { Scroller } from '../scroller.tsx'

/** Every price that is known, the usual ones and those of larger requests and other modes. */
export function PriceTable({ model }: { model: FullModel }) {
  const columns = columnsOf(model)
  const kinds = Object.keys(model.prices ?? {}).filter((kind) =>
    columns.some(({ prices }) => typeof prices[kind] === 'number'),
  )
  return (
    <section class="panel-section">
      <h3>Prices {kinds.length > 0 && <span class="unit">USD per 1M tokens</span>}</h3>
      {kinds.length === 0 ? (
        <p class="muted">No price is known. That does not mean that it is free.</p>
      ) : (
        <Scroller class="scroller" label="Prices">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">
                  <Hidden>Kind</Hidden>
                </th>
                {columns.map(({ title }) => (
                  <th key={title} scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {kinds.map((kind) => (
                <tr key={kind}>
                  <th scope="row">{words(kind)}</th>
                  {columns.map(({ title, prices }) => (
                    <td key={title} class="number">
                      {exactPrice(prices[kind])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
    </section>
  )
}

interface PriceColumn {
  title: string
  prices: Prices
}

function columnsOf({ prices, tiers, experimental }: FullModel): PriceColumn[] {
  const usual = prices ?? {}
  const larger = tiers.map((tier) => ({
    title: tierTitle(tier),
    // Null: the usual price goes on.
    prices: Object.fromEntries(
      Object.entries(usual).map(([kind, price]) => [kind, tier.prices[kind] ?? price]),
    ),
  }))
  const modes =
    isRecord(experimental) && isRecord(experimental.modes) ? Object.entries(experimental.modes) : []
  const onTrial = modes.flatMap(([name, mode]) =>
    isRecord(mode) && isRecord(mode.cost)
      ? [{ title: `${name}, on trial`, prices: numbersOf(mode.cost) }]
      : [],
  )
  return [{ title: 'usual', prices: usual }, ...larger, ...onTrial]
}

function numbersOf(cost: Readonly<Record<string, unknown>>): Prices {
  return Object.fromEntries(
    Object.entries(cost).map(([kind, price]) => [kind, typeof price === 'number' ? price : null]),
  )
}
