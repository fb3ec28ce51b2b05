import { useState } from 'preact/hooks'
import { signIn } from './api.ts'
import { Dialog } from './dialog.tsx'

/** Asks for the token, once the service has asked the page. */
export function SignIn({ refused }: { refused: string | undefined }) {
  const [token, setToken] = useState('')
  const [isRemembered, setRemembered] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (token.trim() !== '') signIn(token.trim(), isRemembered)
  }
  return (
    <Dialog labelledBy="sign-in-title" class="sign-in">
      <h2 id="sign-in-title">Sign in</h2>
      <p>
        This catalog asks for a token. <code>modeldex serve</code> printed one when it was first started;{' '}
        <code>modeldex token create NAME</code> makes another.
      </p>
      {/* Sent nowhere by the browser itself: the page's policy forbids it. */}
      <form onSubmit={submit}>
        <label class="field">
          Token
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            spellcheck={false}
            required
            value={token}
            aria-invalid={refused !== undefined}
            aria-describedby="sign-in-refused"
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p id="sign-in-refused" class="refused" role="alert">
          {refused !== undefined && explain(refused)}
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={isRemembered}
            onChange={(event) => setRemembered(event.currentTarget.checked)}
          />
          Remember it on this device
        </label>
        <button type="submit" class="button primary">
          Sign in
        </button>
      </form>
    </Dialog>
  )
}

function explain(detail: string): string {
  if (detail === 'Token expired') return 'This token has expired.'
  if (detail === 'Malformed bearer token') return 'This is no token: it holds characters that none has.'
  return 'This token was refused: nobody issued it, or it was revoked.'
}
