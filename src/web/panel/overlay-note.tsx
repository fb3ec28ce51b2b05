import type { FullModel } from '../model-wire.ts'
import { Scroller } from '../scroller.tsx'

/** Which fields are the operator's own, and what upstream says instead. */
export function OverlayNote({ fields }: { fields: NonNullable<FullModel['overlay']> }) {
  return (
    <section class="panel-section">
      <h3>From your overlay</h3>
      <Scroller class="scroller" label="From your overlay">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Overlay</th>
              <th scope="col">Upstream</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(fields).map(([name, { overlay, upstream }]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{written(overlay) ?? 'removed'}</td>
                <td>{written(upstream) ?? 'not there'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  )
}

function written(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
