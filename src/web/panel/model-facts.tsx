import type { ComponentChildren } from 'preact'
import { date, exactTokens, money, tokens, UNKNOWN, words } from '../format.ts'
import { hasIcon, Icon } from '../icons.tsx'
import type { FullModel } from '../model-wire.ts'
import { interleavedText, openness, partyText, reasoningText } from '../model-words.ts'

/** The figures that decide. */
export function Tiles({ model: { cost, limits } }: { model: FullModel }) {
  return (
    <dl class="tiles">
      <Tile title="Input" value={money(cost?.input)} hint="per 1M tokens" />
      <Tile title="Output" value={money(cost?.output)} hint="per 1M tokens" />
      <Tile title="Context" value={tokens(limits?.context)} hint={exactTokens(limits?.context)} />
      <Tile title="Longest answer" value={tokens(limits?.output)} hint={exactTokens(limits?.output)} />
    </dl>
  )
}

export function Abilities({ model }: { model: FullModel }) {
  const { capabilities, modalities } = model
  return (
    <section class="panel-section">
      <h3>What it can do</h3>
      <dl class="facts">
        <Fact title="Capabilities">{capabilities.length > 0 && <Chips names={capabilities} />}</Fact>
        <Fact title="Takes">{modalities && <Chips names={modalities.input} />}</Fact>
        <Fact title="Gives">{modalities && <Chips names={modalities.output} />}</Fact>
        <Fact title="Reasoning">{reasoningText(model)}</Fact>
        <Fact title="Interleaved">{interleavedText(model)}</Fact>
      </dl>
    </section>
  )
}

/** Where it is from, and what no other part says. */
export function About({ model }: { model: FullModel }) {
  const { token_limits: limits } = model
  const others = Object.keys(limits ?? {}).filter((name) => name !== 'context' && name !== 'output')
  return (
    <section class="panel-section">
      <h3>About</h3>
      <dl class="facts">
        <Fact title="Released">{model.release_date && date(model.release_date)}</Fact>
        <Fact title="Knowledge until">{model.knowledge && date(model.knowledge)}</Fact>
        <Fact title="Last updated">{model.last_updated && date(model.last_updated)}</Fact>
        <Fact title="Status">{model.status ?? 'in service'}</Fact>
        <Fact title="Weights">{openness(model)}</Fact>
        <Fact title="Lab">{model.lab}</Fact>
        <Fact title="Family">{model.family}</Fact>
        <Fact title="Model">{model.canonical_model_id && <code>{model.canonical_model_id}</code>}</Fact>
        <Fact title="Offered by">{partyText(model.party)}</Fact>
        {others.map((name) => (
          <Fact key={name} title={name === 'input' ? 'Longest prompt' : `Limit of ${words(name)}`}>
            {limits?.[name] ? exactTokens(limits[name]) : null}
          </Fact>
        ))}
      </dl>
    </section>
  )
}

function Tile({ title, value, hint }: { title: string; value: string; hint: string }) {
  return (
    <div class="tile">
      <dt>{title}</dt>
      <dd>
        <span class={`tile-value ${value === UNKNOWN ? 'unknown' : ''}`}>{value}</span>
        <span class="tile-hint">{value === UNKNOWN ? 'unknown' : hint}</span>
      </dd>
    </div>
  )
}

function Fact({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children ? children : <span class="unknown">{UNKNOWN}</span>}</dd>
    </div>
  )
}

function Chips({ names }: { names: readonly string[] }) {
  return (
    <ul class="chips">
      {names.map((name) => (
        <Chip key={name} name={name} />
      ))}
    </ul>
  )
}

function Chip({ name }: { name: string }) {
  return (
    <li class="chip">
      {hasIcon(name) && <Icon name={name} />}
      {words(name)}
    </li>
  )
}
