import { signOut } from './api.ts'
import { currentToken } from './credentials.ts'
import { date, plural } from './format.ts'
import { useAnswer } from './use-answer.ts'
import type { Dataset } from './wire.ts'

/** What is served, and the ways out of the page. */
export function About() {
  const dataset = useAnswer<Dataset>('dataset').answer?.body
  return (
    <footer class="about">
      {dataset !== undefined && (
        <p>
          {plural(dataset.models, 'model')} of {plural(dataset.providers, 'provider')}, as of{' '}
          {date(dataset.fetched_at.slice(0, 'YYYY-MM-DD'.length))}
        </p>
      )}
      <p>
        <a href="docs">API</a>
        {currentToken() !== undefined && (
          <button type="button" class="link" onClick={signOut}>
            Sign out
          </button>
        )}
      </p>
    </footer>
  )
}
