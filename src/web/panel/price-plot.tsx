import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { MissingPlot } from '../missing-plot.tsx'
import { onPrinting } from '../printing.ts'
import { useUplot } from '../use-uplot.ts'
import type { PriceStep } from './price-steps.ts'

interface PricePlotProps {
  steps: readonly PriceStep[]
}

const HEIGHT_PX = 170
const AXIS_PX = 54
const AXIS_SPACE_PX = 24
const MS = 1_000

/** Prices over time, as steps. What it shows stands below it in words. */
export function PricePlot({ steps }: PricePlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const { Plot, hasFailed, tryAgain } = useUplot()
  const shape = JSON.stringify(steps)
  useEffect(() => {
    const element = place.current
    if (element === null || Plot === undefined) return
    let plot = draw(Plot, element, steps)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => {
      plot.destroy()
      plot = draw(Plot, element, steps)
    }
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    resize.observe(element)
    scheme.addEventListener('change', redraw)
    const forget = onPrinting(redraw)
    return () => {
      resize.disconnect()
      forget()
      scheme.removeEventListener('change', redraw)
      plot.destroy()
    }
  }, [Plot, shape])
  if (hasFailed) return <MissingPlot onTryAgain={tryAgain} />
  return (
    <div ref={place} role="img" aria-label="Input and output price over time; the list below says the same" />
  )
}

function draw(Plot: typeof uPlot, element: HTMLElement, steps: readonly PriceStep[]): uPlot {
  const section = element.closest('section') ?? element
  const colorOf = (selector: string) => getComputedStyle(section.querySelector(selector) ?? section).color
  const axis = {
    stroke: colorOf('.muted'),
    grid: { show: false },
    ticks: { show: false },
    font: '12px system-ui',
  }
  const series = (label: string) => ({
    label,
    stroke: colorOf(`.series-${label}`),
    width: 2,
    points: { show: false },
    paths: Plot.paths.stepped?.({ align: 1 }) ?? (() => null),
  })
  // What holds last goes on to this day.
  const times = [...steps.map(({ from }) => Date.parse(from)), Date.now()].map((time) => time / MS)
  const last = steps.at(-1)
  const line = (key: 'input' | 'output') => [...steps.map((step) => step[key]), last?.[key] ?? null]
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    // The list beside it has the same days.
    tzDate: (seconds) => Plot.tzDate(new Date(seconds * MS), 'UTC'),
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.15 : 1] } },
    axes: [
      { ...axis, space: 80 },
      {
        ...axis,
        size: AXIS_PX,
        space: AXIS_SPACE_PX,
        values: (_plot, splits) => splits.map((usd) => `$${usd}`),
      },
    ],
    series: [{}, series('input'), series('output')],
  }
  return new Plot(options, [times, line('input'), line('output')], element)
}
