import { useMemo } from 'preact/hooks'
import { count, plural } from '../format.ts'
import { RESULTS_ID } from '../search-box.tsx'
import { filterParams } from '../state.ts'
import { StateLink } from '../state-link.tsx'
import { setOptions } from '../store.ts'
import type { ViewProps } from '../view-props.ts'
import type { ChartData } from './chart.ts'
import { ChartCanvas } from './chart-canvas.tsx'
import { FrontierList } from './frontier-list.tsx'
import { COLOURINGS, type Colouring, type Group, groupsOf } from './groups.ts'
import { AXES, type Axis, frontierOf, type Point, place } from './points.ts'
import { usePoints } from './use-points.ts'

const AXIS_TITLES: Record<Axis, string> = { context: 'context window', released: 'release date' }
const COLOURING_TITLES: Record<Colouring, string> = { provider: 'provider', weights: 'open weights' }

/** Price against context window or release date, of the models that match. */
export function PlotView({ state }: ViewProps) {
  const axis = AXES.find((name) => name === state.options.x) ?? 'context'
  const colouring = COLOURINGS.find((name) => name === state.options.colour) ?? 'provider'
  const { points, isLoading, error } = usePoints(String(filterParams(state.filters)))
  const data = useMemo(() => points && dataOf(points, axis, colouring), [points, axis, colouring])
  return (
    <div id={RESULTS_ID} tabIndex={-1} class="plot-view" aria-busy={isLoading}>
      <div class="toolbar">
        <h1 class="hidden">Price plot</h1>
        <Choice
          title="Price by"
          value={axis}
          titles={AXIS_TITLES}
          onChoice={(value) => setOptions({ x: value === 'context' ? undefined : value })}
        />
        <Choice
          title="Colour by"
          value={colouring}
          titles={COLOURING_TITLES}
          onChoice={(value) => setOptions({ colour: value === 'provider' ? undefined : value })}
        />
        <p role="status" class="count">
          {error?.message ?? (points && data && describe(points, data))}
        </p>
      </div>
      {data?.placed.length === 0 ? (
        <div class="nothing">
          <p class="nothing-title">Nothing to draw</p>
          <p>
            {points?.length === 0
              ? 'No model matches.'
              : `No model that matches has both a known price and a known ${AXIS_TITLES[axis]}.`}
          </p>
        </div>
      ) : (
        <div class="plot-body">
          {data === undefined ? (
            <div class="chart" />
          ) : (
            <>
              <figure class="plot-figure">
                <Legend groups={data.groups} />
                <ChartCanvas data={data} label={labelOf(data)} />
                <figcaption class="muted">
                  USD per 1M tokens, input or output, the higher, by {AXIS_TITLES[axis]}.{' '}
                  <span class="on-screen">
                    Point at a model to see which it is, click to open it.{' '}
                    <StateLink to={{ view: 'table' }}>The table</StateLink> has the same models for the
                    keyboard.
                  </span>
                </figcaption>
              </figure>
              <FrontierList frontier={data.frontier} axis={axis} filters={state.filters} />
            </>
          )}
        </div>
      )}
    </div>
  )
}

function dataOf(
  points: readonly Point[],
  axis: Axis,
  colouring: Colouring,
): ChartData & { unplaced: number } {
  const { placed, unplaced } = place(points, axis)
  return { axis, placed, unplaced, groups: groupsOf(placed, colouring), frontier: frontierOf(placed, axis) }
}

/** How many are shown, how many are not, and why. */
function describe(points: readonly Point[], { axis, placed, unplaced }: ReturnType<typeof dataOf>): string {
  const shown = `${count(placed.length)} of ${plural(points.length, 'model')}`
  if (unplaced === 0) return shown
  return `${shown}; ${count(unplaced)} left out: price or ${AXIS_TITLES[axis]} unknown`
}

function labelOf({ axis, placed, frontier }: ChartData): string {
  const free = placed.filter(({ price }) => price === 0).length
  return (
    `Scatter plot of price by ${AXIS_TITLES[axis]}: ${plural(placed.length, 'model')}, ${count(free)} of them free. ` +
    `The ${plural(frontier.length, 'model')} of the frontier are listed after it.`
  )
}

interface ChoiceProps<Value extends string> {
  title: string
  value: Value
  titles: Record<Value, string>
  onChoice: (value: string) => void
}

function Choice<Value extends string>({ title, value, titles, onChoice }: ChoiceProps<Value>) {
  return (
    <label class="select plot-choice">
      <span class="muted">{title}</span>
      <select value={value} onChange={(event) => onChoice(event.currentTarget.value)}>
        {Object.entries<string>(titles).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

function Legend({ groups }: { groups: readonly Group[] }) {
  return (
    <ul class="legend" aria-label="Colours">
      {groups.map(({ label, colour, placed }) => (
        <li key={label}>
          <span class={`swatch plot-colour-${colour}`} aria-hidden="true" />
          <bdi>{label}</bdi> <span class="muted">{count(placed.length)}</span>
        </li>
      ))}
    </ul>
  )
}
