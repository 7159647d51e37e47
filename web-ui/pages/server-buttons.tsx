import { useRef, useState } from 'preact/hooks'
import type { ServerStatus } from '../../appliance/status/service-status.ts'
import { WeightForm } from './weight-form.tsx'

/** What an operator says of a server for now; what is left out stays. */
export type Word = {
  readonly state?: 'drain' | 'disabled' | null
  readonly weight?: number | null
}

export type Say = (word: Word) => Promise<boolean>

export function ServerButtons({
  server: { name, state, weight },
  path,
  say,
}: {
  readonly server: ServerStatus
  readonly path: string
  readonly say: Say
}) {
  const [isWeighing, setWeighing] = useState(false)
  const weigh = useRef<HTMLButtonElement>(null)
  const button = (text: string, word: Word) => (
    <button type="button" aria-label={`${text} ${name}`} onClick={() => void say(word)}>
      {text}
    </button>
  )
  // One that is no longer configured leaves by itself.
  if (state === 'draining') return null
  return (
    <>
      {state === 'drained' || state === 'disabled' ? (
        button('Take back', { state: null })
      ) : (
        <>
          {button('Drain', { state: 'drain' })} {button('Disable', { state: 'disabled' })}
        </>
      )}{' '}
      <button
        ref={weigh}
        type="button"
        aria-label={`Weight of ${name}`}
        aria-expanded={isWeighing}
        onClick={() => setWeighing(!isWeighing)}
      >
        Weight
      </button>
      {isWeighing && (
        <WeightForm
          server={name}
          path={path}
          weight={weight}
          say={say}
          close={() => {
            setWeighing(false)
            weigh.current?.focus()
          }}
        />
      )}
    </>
  )
}
