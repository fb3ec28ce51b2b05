import { useEffect, useState } from 'preact/hooks'
import { Hidden, Icon, type IconName } from './icons.tsx'

/** How long it says that it copied, in ms. */
const SAID_MS = 1_500

interface CopyButtonProps {
  text: string
  /** What is copied, for its name: `Copy ${what}`. */
  what: string
  tabIndex?: number
  icon?: IconName
}

export function CopyButton({ text, what, tabIndex, icon = 'copy' }: CopyButtonProps) {
  /** Whether it worked, for a while. */
  const [isDone, setDone] = useState<boolean>()
  useEffect(() => {
    if (isDone === undefined) return
    const timer = setTimeout(() => setDone(undefined), SAID_MS)
    return () => clearTimeout(timer)
  }, [isDone])
  const copy = async () => setDone(await copyText(text))
  const said = isDone === undefined ? '' : isDone ? 'Copied' : 'Could not copy'
  const name = said || `Copy ${what}`
  return (
    <>
      <button
        type="button"
        class={`icon-button copy ${isDone ? 'is-done' : ''}`}
        tabIndex={tabIndex}
        data-tip={name}
        onClick={() => void copy()}
      >
        <Icon name={isDone === undefined ? icon : isDone ? 'done' : 'warning'} />
        <Hidden>{name}</Hidden>
      </button>
      <span role="status" class="hidden">
        {said}
      </span>
    </>
  )
}

/** Puts a text on the clipboard; tells whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  // Absent where the page comes from another machine without TLS.
  if (navigator.clipboard === undefined) return copyBySelection(text)
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  )
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'hidden'
  const focused = document.activeElement
  // All outside of an open dialog cannot be selected.
  const layer = document.querySelector('dialog[open]') ?? document.body
  layer.append(field)
  field.select()
  const isDone = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isDone
}
