import { useEffect, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import { date, money, tokens } from '../format.ts'
import { MissingPlot } from '../missing-plot.tsx'
import { onPrinting } from '../printing.ts'
import { update } from '../store.ts'
import { useUplot } from '../use-uplot.ts'
import { type ChartColours, type ChartData, makeChart } from './chart.ts'
import { isoDay } from './iso-day.ts'
import type { Placed } from './points.ts'

/** How far from a point it still counts as pointed at, in px. */
const REACH_PX = 16

interface Pointed {
  one: Placed
  /** Inside the plot, in px. */
  left: number
  top: number
  /** To which sides there is room for what is said of it. */
  sides: string
}

/** The plot itself: pointing at a model names it, a click opens it. */
export function ChartCanvas({ data, label }: { data: ChartData; label: string }) {
  const place = useRef<HTMLDivElement>(null)
  const swatches = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<Pointed>()
  const { Plot, hasFailed, tryAgain } = useUplot()

  useEffect(() => {
    const element = place.current
    if (element === null || Plot === undefined) return
    const controller = new AbortController()
    setPointed(undefined)
    const chart = makeChart(Plot, element, data, coloursOf(swatches.current))
    follow(chart, data, setPointed, controller.signal)
    const observer = new ResizeObserver(() => {
      chart.setSize({ width: element.clientWidth, height: element.clientHeight })
      setPointed(undefined)
    })
    observer.observe(element)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', () => chart.redraw(), { signal: controller.signal })
    const forget = onPrinting(() => chart.redraw())
    return () => {
      controller.abort()
      forget()
      observer.disconnect()
      chart.destroy()
    }
  }, [Plot, data])

  return (
    <div class="chart">
      {hasFailed ? (
        <MissingPlot onTryAgain={tryAgain} />
      ) : (
        <div
          ref={place}
          class={`chart-place ${pointed === undefined ? '' : 'is-pointed'}`}
          role="img"
          aria-label={label}
        />
      )}
      {/* A canvas knows no style sheet: it takes its colours from here. */}
      <div ref={swatches} class="chart-colours" hidden>
        {data.groups.map(({ colour }) => (
          <i key={colour} data-colour={colour} class={`plot-colour-${colour}`} />
        ))}
        <i data-colour="frontier" class="plot-frontier" />
        <i data-colour="text" class="plot-text" />
        <i data-colour="line" class="plot-line" />
      </div>
      {pointed !== undefined && <Tip pointed={pointed} />}
    </div>
  )
}

function coloursOf(swatches: HTMLElement | null): ChartColours {
  const of = (name: string | number) => () => {
    const swatch = swatches?.querySelector(`[data-colour="${name}"]`)
    return swatch ? getComputedStyle(swatch).color : ''
  }
  return { group: (colour) => of(colour)(), frontier: of('frontier'), text: of('text'), line: of('line') }
}

/** Tells which model is pointed at, and opens the one that is clicked. */
function follow(
  chart: uPlot,
  { placed }: ChartData,
  onPoint: (pointed: Pointed | undefined) => void,
  signal: AbortSignal,
): void {
  const { over } = chart
  const nearest = ({ offsetX, offsetY }: MouseEvent): Pointed | undefined => {
    let found: Pointed | undefined
    let reach = REACH_PX
    placed.forEach((one, index) => {
      const left = chart.valToPos(one.x, 'x')
      const top = chart.valToPos(chart.data[1]?.[index] ?? 0, 'y')
      const distance = Math.hypot(left - offsetX, top - offsetY)
      if (distance < reach) {
        const sides = `${left > over.clientWidth / 2 ? 'leftward' : ''} ${top < over.clientHeight / 3 ? 'downward' : ''}`
        found = { one, left: left + over.offsetLeft, top: top + over.offsetTop, sides }
        reach = distance
      }
    })
    return found
  }
  over.addEventListener('pointermove', (event) => onPoint(nearest(event)), { signal })
  over.addEventListener('pointerleave', () => onPoint(undefined), { signal })
  over.addEventListener(
    'click',
    (event) => {
      const found = nearest(event)
      if (found !== undefined) update({ model: found.one.point.id })
    },
    { signal },
  )
}

function Tip({ pointed: { one, left, top, sides } }: { pointed: Pointed }) {
  const { name, id, context, released } = one.point
  return (
    <div class="chart-mark" style={{ left: `${left}px`, top: `${top}px` }} aria-hidden="true">
      <div class={`chart-tip ${sides}`}>
        <bdi class="chart-name">{name}</bdi>
        <bdi class="id">{id}</bdi>
        <span>
          {money(one.price)} · {tokens(context)} · {date(isoDay(released))}
        </span>
      </div>
    </div>
  )
}
