import { RequestError } from '../api.ts'
import { UNKNOWN } from '../format.ts'
import { Hidden, Icon } from '../icons.tsx'
import type { FullModel } from '../model-wire.ts'
import { Scroller } from '../scroller.tsx'
import { StateLink } from '../state-link.tsx'
import { update } from '../store.ts'
import { bestOf, differ } from './best.ts'
import { toggled } from './chosen.ts'
import { FIELD_GROUPS, type Field } from './fields.ts'
import type { Asked } from './use-models.ts'

interface CompareTableProps {
  ids: readonly string[]
  models: readonly Asked[]
  /** Without the rows that say the same of all. */
  isShort: boolean
}

export function CompareTable({ ids, models, isShort }: CompareTableProps) {
  return (
    <Scroller class="compare-scroller" label="Comparison">
      <table class="compare-table" style={{ '--models': String(ids.length) }}>
        <thead>
          <tr>
            <td />
            {ids.map((id, place) => (
              <th key={id} scope="col">
                <Head id={id} model={models[place]} ids={ids} />
              </th>
            ))}
          </tr>
        </thead>
        {FIELD_GROUPS.map(({ title, fields }) => {
          const rows = fields.map((field) => rowOf(field, models)).filter((row) => isShown(row, isShort))
          return (
            rows.length > 0 && (
              <tbody key={title}>
                <tr class="group">
                  <th scope="rowgroup">{title}</th>
                  <td colSpan={ids.length} />
                </tr>
                {rows.map((row) => (
                  <Row key={row.title} row={row} ids={ids} />
                ))}
              </tbody>
            )
          )
        })}
      </table>
    </Scroller>
  )
}

interface FieldRow {
  title: string
  texts: readonly string[]
  best: ReadonlySet<number>
  isDifferent: boolean
}

function rowOf({ title, text, figure, better }: Field, models: readonly Asked[]): FieldRow {
  const texts = models.map((model) => (isThere(model) ? text(model) : ''))
  const figures = models.map((model) => (isThere(model) ? figure?.(model) : null))
  return {
    title,
    texts,
    best: better === undefined ? new Set() : bestOf(figures, better),
    isDifferent: differ(texts.filter((_, place) => isThere(models[place]))),
  }
}

/** What nobody knows of any model is no row. */
function isShown({ texts, isDifferent }: FieldRow, isShort: boolean): boolean {
  return isShort ? isDifferent : texts.some((text) => text !== UNKNOWN && text !== '')
}

function isThere(model: Asked): model is FullModel {
  return model !== undefined && !(model instanceof RequestError)
}

function Row({ row: { title, texts, best, isDifferent }, ids }: { row: FieldRow; ids: readonly string[] }) {
  return (
    <tr class={isDifferent ? 'is-different' : undefined}>
      <th scope="row">
        {title}
        {isDifferent && <Hidden>, differs</Hidden>}
      </th>
      {texts.map((text, place) => (
        <td key={ids[place]} class={cellClass(text, best.has(place))}>
          {text}
          {best.has(place) && (
            <>
              {' '}
              <span class="best">best</span>
            </>
          )}
        </td>
      ))}
    </tr>
  )
}

function cellClass(text: string, isBest: boolean): string | undefined {
  if (isBest) return 'is-best'
  return text === UNKNOWN ? 'unknown' : undefined
}

function Head({ id, model, ids }: { id: string; model: Asked; ids: readonly string[] }) {
  return (
    <div class="compare-head">
      <StateLink to={{ model: id }} class="name">
        <bdi>{isThere(model) ? (model.name ?? id) : id}</bdi>
      </StateLink>
      {model instanceof RequestError ? (
        <span class="compare-error">{model.message}</span>
      ) : (
        <span class="id">
          <bdi>{id}</bdi>
        </span>
      )}
      <button
        type="button"
        class="icon-button"
        data-tip="Take out"
        onClick={() => update({ compare: toggled(ids, id) })}
      >
        <Icon name="close" />
        <Hidden>Take {id} out</Hidden>
      </button>
    </div>
  )
}
