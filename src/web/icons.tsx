import type { ComponentChildren } from 'preact'

/** Strokes on a field of 16 by 16, in the colour of the text around. */
const SHAPES = {
  attachment:
    'M13 7.5 7.8 12.7a3 3 0 0 1-4.3-4.3l5.5-5.4a2 2 0 0 1 2.9 2.8L6.5 11.2a1 1 0 0 1-1.5-1.4l4.7-4.6',
  reasoning: 'M6 14h4M6.5 12c0-2-2.5-2.5-2.5-5.5a4 4 0 0 1 8 0c0 3-2.5 3.5-2.5 5.5z',
  tool_call: 'M10.5 2.5a3.5 3.5 0 0 0-3.2 4.8L2.5 12l1.5 1.5 4.7-4.8a3.5 3.5 0 0 0 4.7-4l-2 2-1.9-.4-.4-1.9z',
  structured_output:
    'M6 2.5c-2 0-2 1-2 2.5s0 3-1.5 3c1.5 0 1.5 1.5 1.5 3s0 2.5 2 2.5M10 2.5c2 0 2 1 2 2.5s0 3 1.5 3c-1.5 0-1.5 1.5-1.5 3s0 2.5-2 2.5',
  temperature: 'M8 2a1.5 1.5 0 0 0-1.5 1.5v5.7a3 3 0 1 0 3 0V3.5A1.5 1.5 0 0 0 8 2zM8 6v5.5',
  interleaved:
    'M2.5 4.5h4l3 7h4M2.5 11.5h4l1-2.3M9.5 4.5h4l-1.5-1.5m1.5 1.5L12 6M13.5 11.5 12 10m1.5 1.5L12 13',
  open_weights: 'M4 7h8v6.5H4zM5.5 7V4.5a2.5 2.5 0 0 1 4.9-.7',
  text: 'M3 4V3h10v1M8 3v10M6.5 13h3',
  image: 'M2.5 3h11v10h-11zM2.5 11l3.5-3.5 3 3 1.5-1.5 3 3M10.5 6.2h.01',
  audio: 'M3 7v2M5.5 5v6M8 3v10M10.5 5v6M13 7v2',
  video: 'M2 4h8v8H2zM10 7l4-2v6l-4-2',
  pdf: 'M4 2h5l3 3v9H4zM9 2v3h3M6 8.5h4M6 11h4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  done: 'm3 8.5 3.5 3.5L13 4.5',
  close: 'm4 4 8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5l3.5 3.5',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  compare: 'M2.5 3h4.5v10H2.5zM9 3h4.5v10H9z',
  link: 'M7 9.5a2.7 2.7 0 0 0 3.8 0l2-2A2.7 2.7 0 0 0 9 3.7L8.3 4.4M9 6.5a2.7 2.7 0 0 0-3.8 0l-2 2A2.7 2.7 0 0 0 7 12.3L7.7 11.6',
  away: 'M6.5 3.5h-4v10h10v-4M9.5 2.5h4v4M13.5 2.5 7.5 8.5',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.8v.01',
} as const
export type IconName = keyof typeof SHAPES

/** A picture beside words that say the same, or inside something that has a name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  )
}

export function hasIcon(name: string): name is IconName {
  return Object.hasOwn(SHAPES, name)
}

/** A picture that stands for words: read out by their name, shown when pointed at. */
export function NamedIcon({ name, label }: { name: IconName; label: string }) {
  return (
    <span class="named-icon" data-tip={label}>
      <Icon name={name} />
      <Hidden>{label}</Hidden>
    </span>
  )
}

/** For those who listen. */
export function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="hidden">{children}</span>
}
