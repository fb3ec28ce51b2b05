import { useEffect, useRef } from 'preact/hooks'
import { date, plural } from '../format.ts'
import { Icon } from '../icons.tsx'
import { RESULTS_ID } from '../search-box.tsx'
import { givenFilters, type State } from '../state.ts'
import { StateLink } from '../state-link.tsx'
import type { ViewProps } from '../view-props.ts'
import { KIND_TITLES, NEWS_KINDS, type NewsKind, newsKindOf, newsPath } from './kinds.ts'
import type { News } from './news.ts'
import { NewsRow } from './news-row.tsx'
import { useNews } from './use-news.ts'

const NOTHING: Record<NewsKind, string> = {
  new: 'No model matches.',
  cuts: 'The history knows of no price cut.',
  rises: 'The history knows of no price rise.',
  status: 'The history knows of no change of a status.',
  removed: 'The history knows of no model that was removed.',
}

/** Those that show prices. */
const PRICED: ReadonlySet<NewsKind> = new Set(['new', 'cuts', 'rises'])

/** What is new, and what the history tells: by kind, the newest first. */
export function ChangesView({ state }: ViewProps) {
  const kind = newsKindOf(state)
  const { news, hasMore, isLoading, error, more } = useNews(kind, newsPath(kind, state))
  const kinds = useRef<HTMLElement>(null)
  // On a phone they are wider than the screen.
  useEffect(() => {
    kinds.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [kind])
  return (
    <div id={RESULTS_ID} tabIndex={-1} class="changes-view">
      <div class="changes">
        <h1>What changed</h1>
        <nav ref={kinds} class="kinds" aria-label="Kinds of changes">
          {NEWS_KINDS.map((name) => (
            <StateLink
              key={name}
              to={{ options: { ...state.options, what: name } }}
              aria-current={name === kind ? 'page' : undefined}
            >
              {KIND_TITLES[name]}
            </StateLink>
          ))}
        </nav>
        <p class="muted">
          {scopeOf(kind, state)}
          {news?.length !== 0 && PRICED.has(kind) && ' Prices are USD per 1M tokens.'}
        </p>
        <p role="status" class="hidden">
          {news !== undefined && `${plural(news.length, 'change')} shown`}
        </p>
        {error !== undefined && <p class="muted">{error.message}</p>}
        {news?.length === 0 && <Nothing kind={kind} />}
        {news !== undefined && news.length > 0 && <Days news={news} />}
        {hasMore && (
          <>
            <button type="button" class="button more" aria-disabled={isLoading} onClick={more}>
              <Icon name="down" /> Show more
            </button>
            <p class="print-note">There are older ones. “Show more” brings them in before printing.</p>
          </>
        )}
      </div>
    </div>
  )
}

/** Which filters hold here, in words. */
function scopeOf(kind: NewsKind, { filters }: State): string {
  const given = givenFilters(filters)
  if (kind === 'new') {
    return given.length === 0 ? 'By release date.' : 'By release date, of the models that match your filters.'
  }
  const whose = filters.provider === '' ? 'Of all providers' : `Of ${filters.provider}`
  const others = given.filter(([name]) => name !== 'provider').length
  const when = 'by the day the catalog first showed it'
  return others === 0 ? `${whose}, ${when}.` : `${whose}, ${when}. Your other filters do not apply here.`
}

function Nothing({ kind }: { kind: NewsKind }) {
  return (
    <div class="nothing">
      <p class="nothing-title">{NOTHING[kind]}</p>
      {kind !== 'new' && <p>It begins when the first catalog is loaded, and grows with each refresh.</p>}
    </div>
  )
}

function Days({ news }: { news: readonly News[] }) {
  return (
    <>
      {[...Map.groupBy(news, ({ at }) => at.slice(0, 'YYYY-MM-DD'.length))].map(([day, ofDay]) => (
        <section key={day} class="day">
          <h2>{day === '' ? 'No date known' : <time dateTime={day}>{date(day)}</time>}</h2>
          <ul>
            {ofDay.map((one) => (
              <NewsRow key={`${one.at} ${one.id}`} news={one} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
