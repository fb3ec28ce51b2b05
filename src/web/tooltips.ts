/** How far from what it explains, in px. */
const GAP_PX = 6

/**
 * Shows what `data-tip` says of an element while it is pointed at or focused; Escape hides it. One layer serves the whole
 * page: a table has thousands of cells. It repeats what the element is called, or describes, for those who see.
 */
export function installTooltips(): void {
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.setAttribute('aria-hidden', 'true')
  tip.hidden = true
  document.body.append(tip)

  const hide = () => {
    tip.hidden = true
  }
  const showFor = ({ target }: Event) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
    // Pointing at the tip itself keeps it there.
    if (target === tip) return
    if (element?.dataset.tip === undefined) return hide()
    // In an open dialog, all outside of it lies behind.
    const layer = element.closest('dialog') ?? document.body
    layer.append(tip)
    tip.textContent = element.dataset.tip
    tip.hidden = false
    place(tip, element.getBoundingClientRect())
  }
  document.addEventListener('pointerover', showFor)
  document.addEventListener('focusin', showFor)
  document.addEventListener('scroll', hide, { capture: true, passive: true })
  document.addEventListener('pointerdown', hide)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') hide()
  })
}

/** Above, or below where there is no room; never outside of the window. */
function place(tip: HTMLElement, around: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip
  const left = around.left + around.width / 2 - width / 2
  const top = around.top - height - GAP_PX
  tip.style.left = `${Math.max(GAP_PX, Math.min(left, innerWidth - width - GAP_PX))}px`
  tip.style.top = `${top < GAP_PX ? around.bottom + GAP_PX : top}px`
}
