import { CopyButton } from '../copy-button.tsx'
import { Icon } from '../icons.tsx'
import type { FullModel } from '../model-wire.ts'
import type { Provider } from '../wire.ts'
import { aiSdkSnippet, curlSnippet, litellmSnippet, type Snippet } from './snippet-text.ts'

/** What it takes to use the model, ready to paste. */
export function Snippets({ model, provider }: { model: FullModel; provider: Provider }) {
  const snippets = [
    aiSdkSnippet(model.id, provider, model.provider_overrides),
    model.litellm_model === null ? undefined : litellmSnippet(model.litellm_model),
    curlSnippet(model.id, document.baseURI),
  ].filter((snippet) => snippet !== undefined)
  const doc = webAddress(provider.doc)
  return (
    <section class="panel-section">
      <h3>Use it</h3>
      {provider.env.length > 0 && (
        <p class="env">
          {provider.env.length === 1 ? 'Its environment variable:' : 'Its environment variables:'}
          {provider.env.map((name) => (
            <span key={name} class="env-name">
              <code>{name}</code>
              <CopyButton text={name} what={name} />
            </span>
          ))}
        </p>
      )}
      {snippets.map((snippet) => (
        <Code key={snippet.title} {...snippet} />
      ))}
      {doc !== undefined && (
        <p>
          <a href={doc} target="_blank" rel="noopener noreferrer">
            {provider.name ?? provider.id}’s documentation
            <Icon name="away" />
          </a>
        </p>
      )}
    </section>
  )
}

function Code({ title, note, text }: Snippet) {
  return (
    <figure class="snippet">
      <figcaption>
        {title}
        {note !== undefined && (
          <span class="muted">
            <code>{note}</code>
          </span>
        )}
        <CopyButton text={text} what={title} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}

/** An address that a browser may be sent to; undefined for anything else that upstream may write. */
function webAddress(text: string | null): string | undefined {
  const url = URL.parse(text ?? '')
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}
