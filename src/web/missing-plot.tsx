/** Says that what draws a plot did not come. */
export function MissingPlot({ onTryAgain }: { onTryAgain: () => void }) {
  return (
    <div class="missing-plot">
      <p role="alert">The plot could not be loaded: what draws it did not arrive.</p>
      <button type="button" class="button on-screen" onClick={onTryAgain}>
        Try again
      </button>
    </div>
  )
}
