import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  /** The id of its heading. */
  labelledBy: string
  class?: string
  /** Called for Escape and a click beside it; without it the dialog stays until it is taken away. */
  onClose?: () => void
  children: ComponentChildren
}

/** Stands before all else while it is rendered, and keeps the focus; then it goes back to where it was. */
export function Dialog({ labelledBy, onClose, children, class: name = '' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  /** Whether the button went down beside it: who selects a text may let go of it there. */
  const isPressedBeside = useRef(false)
  // With the page's own changes, not after the next paint: in between, keys would go elsewhere.
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // While it is still in the page, the browser leads the focus back where it was.
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key; the browser turns it into `cancel`.
    <dialog
      ref={ref}
      class={`dialog ${name}`}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
      // A browser closes it for a second Escape, whatever became of the first; and tells of it when it is taken away.
      onClose={() => {
        if (ref.current === null) return
        if (onClose === undefined) ref.current.showModal()
        else onClose()
      }}
      onPointerDown={(event) => {
        isPressedBeside.current = event.target === ref.current
      }}
      onClick={(event) => {
        if (event.target === ref.current && isPressedBeside.current) onClose?.()
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  )
}
