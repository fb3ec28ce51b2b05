import type uPlot from 'uplot'
import { money, tokens } from '../format.ts'
import type { Group } from './groups.ts'
import type { Axis, Placed } from './points.ts'

export interface ChartData {
  axis: Axis
  /** From left to right. */
  placed: readonly Placed[]
  /** Those in front come first. */
  groups: readonly Group[]
  frontier: readonly Placed[]
}

/** Colours as a canvas takes them: asked for at each drawing, as the scheme may change. */
export interface ChartColours {
  group: (colour: number) => string
  frontier: () => string
  text: () => string
  line: () => string
}

/** How big a point is, in px of CSS. */
const RADIUS_PX = 3
const POINT_OPACITY = 0.7
/** How far beyond the outermost points the plot goes: a factor on a log axis, seconds on that of dates. */
const MARGIN = 1.4
const MARGIN_S = 20 * 24 * 3_600
/** Below the cheapest decade, free ones have a lane of their own: a log axis has no 0. */
const LANE = 1 / 4

export function makeChart(
  Plot: typeof uPlot,
  place: HTMLElement,
  data: ChartData,
  colours: ChartColours,
): uPlot {
  const { axis, placed } = data
  const heights = placed.map(({ price }) => price)
  const bottom = 10 ** Math.floor(Math.log10(Math.min(1, ...heights.filter((price) => price > 0))))
  const lane = bottom * LANE
  const hasFree = heights.includes(0)
  const heightOf = ({ price }: Placed) => price || lane
  const range = {
    x: rangeOf(placed, axis),
    y: [hasFree ? lane / MARGIN : bottom / MARGIN, Math.max(1, ...heights) * MARGIN] as uPlot.Range.MinMax,
  }
  const look = { stroke: colours.text, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } }
  const font = `12px ${getComputedStyle(place).fontFamily}`
  return new Plot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      cursor: { show: false },
      legend: { show: false },
      tzDate: (seconds) => Plot.tzDate(new Date(seconds * 1_000), 'UTC'),
      scales: {
        x: { time: axis === 'released', distr: axis === 'context' ? 3 : 1, range: () => range.x },
        y: { distr: 3, range: () => range.y },
      },
      axes: [
        {
          ...look,
          font,
          size: axis === 'context' ? 34 : 50,
          ...(axis === 'context' ? logAxis(decadesIn(range.x), tokens) : {}),
        },
        {
          ...look,
          font,
          size: 64,
          ...logAxis([...(hasFree ? [lane] : []), ...decadesIn([bottom, range.y[1] ?? 1])], (usd) =>
            usd === lane ? 'free' : money(usd),
          ),
        },
      ],
      series: [
        {},
        {
          points: { show: false },
          paths: (plot) => {
            draw(plot, data, heightOf, colours)
            return null
          },
        },
      ],
    },
    [placed.map(({ x }) => x), placed.map(heightOf)],
    place,
  )
}

function rangeOf(placed: readonly Placed[], axis: Axis): uPlot.Range.MinMax {
  const [first, last] = [placed[0]?.x ?? 1, placed.at(-1)?.x ?? 1]
  return axis === 'context' ? [first / MARGIN, last * MARGIN] : [first - MARGIN_S, last + MARGIN_S]
}

/** An axis with these marks alone. */
function logAxis(marks: number[], label: (value: number) => string): uPlot.Axis {
  return {
    splits: () => marks,
    values: (_plot, values) => values.map(label),
    filter: (_plot, values) => values,
  }
}

function decadesIn([from, to]: readonly (number | null)[]): number[] {
  const first = Math.ceil(Math.log10(from ?? 1))
  const last = Math.floor(Math.log10(to ?? 1))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => 10 ** (first + step))
}

function draw(
  plot: uPlot,
  { axis, groups, frontier }: ChartData,
  heightOf: (one: Placed) => number,
  colours: ChartColours,
): void {
  const { ctx: canvas } = plot
  const left = ({ x }: Placed) => plot.valToPos(x, 'x', true)
  const top = (one: Placed) => plot.valToPos(heightOf(one), 'y', true)
  canvas.save()
  canvas.globalAlpha = POINT_OPACITY
  for (const { colour, placed: members } of groups.toReversed()) {
    canvas.fillStyle = colours.group(colour)
    for (const one of members) dot(canvas, left(one), top(one))
  }
  canvas.globalAlpha = 1
  canvas.strokeStyle = colours.frontier()
  canvas.lineWidth = 2 * devicePixelRatio
  canvas.stroke(
    stairs(
      plot,
      frontier.map((one) => [left(one), top(one)] as const),
      axis,
    ),
  )
  canvas.fillStyle = colours.frontier()
  for (const one of frontier) dot(canvas, left(one), top(one))
  canvas.restore()
}

function dot(canvas: CanvasRenderingContext2D, left: number, top: number): void {
  canvas.beginPath()
  canvas.arc(left, top, RADIUS_PX * devicePixelRatio, 0, 2 * Math.PI)
  canvas.fill()
}

/** Holds for all that is left of a point on the axis of context, right of it on that of dates. */
function stairs({ bbox }: uPlot, corners: readonly (readonly [number, number])[], axis: Axis): Path2D {
  const path = new Path2D()
  const isContext = axis === 'context'
  let before: readonly [number, number] | undefined
  for (const [left, top] of corners) {
    if (before === undefined) path.moveTo(isContext ? bbox.left : left, top)
    else path.lineTo(...(isContext ? ([before[0], top] as const) : ([left, before[1]] as const)))
    path.lineTo(left, top)
    before = [left, top]
  }
  if (before !== undefined && !isContext) path.lineTo(bbox.left + bbox.width, before[1])
  return path
}
