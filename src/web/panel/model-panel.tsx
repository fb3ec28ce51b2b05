import { useLayoutEffect, useRef } from 'preact/hooks'
import { CompareToggle } from '../compare/compare-toggle.tsx'
import { CopyButton } from '../copy-button.tsx'
import { Dialog } from '../dialog.tsx'
import { Hidden, Icon } from '../icons.tsx'
import { modelPath } from '../model-path.ts'
import type { FullModel } from '../model-wire.ts'
import { linkTo, update } from '../store.ts'
import { useAnswer } from '../use-answer.ts'
import type { ProviderList } from '../wire.ts'
import { MissingModel } from './missing-model.tsx'
import { Abilities, About, Tiles } from './model-facts.tsx'
import { Offers } from './offers.tsx'
import { OverlayNote } from './overlay-note.tsx'
import { PriceHistory } from './price-history.tsx'
import { PriceTable } from './price-table.tsx'
import { Snippets } from './snippets.tsx'

const TITLE_ID = 'model-title'
const close = () => update({ model: undefined })

/** All that is known of one model, beside the view. */
export function ModelPanel({ id }: { id: string }) {
  const { answer, error } = useAnswer<FullModel>(`models/${modelPath(id)}`)
  const heading = useRef<HTMLHeadingElement>(null)
  const model = answer?.body.id === id ? answer.body : undefined
  // A link in the panel leads to another model: its top comes into view, and the keyboard goes there.
  useLayoutEffect(() => heading.current?.focus(), [id])
  return (
    <Dialog labelledBy={TITLE_ID} class="panel" onClose={close}>
      <header class="panel-head">
        <div class="panel-title">
          <h2 ref={heading} id={TITLE_ID} tabIndex={-1}>
            <bdi>{model?.name ?? id}</bdi>
          </h2>
          <p class="panel-id">
            <bdi>{id}</bdi>
            <CopyButton text={id} what="id" />
          </p>
        </div>
        <CopyButton
          text={new URL(linkTo({ model: id }), document.baseURI).href}
          what="link to this model"
          icon="link"
        />
        <button type="button" class="icon-button" onClick={close} data-tip="Close">
          <Icon name="close" />
          <Hidden>Close</Hidden>
        </button>
      </header>
      {error !== undefined && <MissingModel detail={error.message} />}
      {model === undefined ? (
        error === undefined && <p class="muted">Loading …</p>
      ) : (
        <Known key={id} model={model} />
      )}
    </Dialog>
  )
}

function Known({ model }: { model: FullModel }) {
  const providers = useAnswer<ProviderList>(`providers?query=${encodeURIComponent(model.provider)}`)
  const provider = providers.answer?.body.providers.find(({ id }) => id === model.provider)
  return (
    <>
      <p class="panel-tags">
        <span class="tag">{provider?.name ?? model.provider}</span>
        {model.lab !== model.provider && <span class="tag">made by {model.lab}</span>}
        {model.open_weights === true && <span class="tag">open weights</span>}
        {model.status !== null && (
          <span class={`tag ${model.status === 'deprecated' ? 'gone' : 'warn'}`}>{model.status}</span>
        )}
        <CompareToggle id={model.id} isWide />
      </p>
      {model.description !== null && <p class="description">{model.description}</p>}
      <Tiles model={model} />
      <Abilities model={model} />
      <PriceTable model={model} />
      <PriceHistory id={model.id} />
      <Offers id={model.id} />
      {provider !== undefined && <Snippets model={model} provider={provider} />}
      <About model={model} />
      {model.overlay !== null && <OverlayNote fields={model.overlay} />}
    </>
  )
}
