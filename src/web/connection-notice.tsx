import { useEffect, useState } from 'preact/hooks'
import { type Connection, onConnection } from './api.ts'
import { plural } from './format.ts'
import { Icon } from './icons.tsx'
import { SignIn } from './sign-in.tsx'

const SECOND_MS = 1_000

/** Says what stands between the page and the service, and goes when nothing does. */
export function ConnectionNotice() {
  const [connection, setConnection] = useState<Connection>({ kind: 'fine' })
  useEffect(() => onConnection(setConnection), [])
  return (
    <>
      <div class="notice-place" role="status">
        {connection.kind === 'gone' && (
          <p class="notice">
            <Icon name="warning" />
            <span>The server does not answer. What you see may be old; the page goes on trying.</span>
          </p>
        )}
        {connection.kind === 'limited' && <Limited until={connection.until} />}
      </div>
      {connection.kind === 'signed-out' && <SignIn refused={connection.refused} />}
    </>
  )
}

function Limited({ until }: { until: number }) {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), SECOND_MS)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / SECOND_MS))
  return (
    <p class="notice">
      <Icon name="warning" />
      <span>
        Too many requests: the page goes on {/* Read out once, not every second. */}
        <span aria-hidden="true">in {plural(seconds, 'second')}</span>
        <span class="hidden">in a moment</span>.
      </span>
    </p>
  )
}
