import { StateLink } from '../state-link.tsx'
import { nearIdsIn } from './near-ids.ts'

/** Why there is no such model; the ids that may have been meant lead to theirs. */
export function MissingModel({ detail }: { detail: string }) {
  const { before, ids } = nearIdsIn(detail)
  return (
    <p class="panel-error" role="alert">
      {before}
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && (index === ids.length - 1 ? ' or ' : ', ')}
          <StateLink to={{ model: id }}>
            <bdi>{id}</bdi>
          </StateLink>
        </span>
      ))}
      {ids.length > 0 && '?'}
    </p>
  )
}
