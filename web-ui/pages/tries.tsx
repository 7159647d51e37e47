import { useState } from 'preact/hooks'
import { ask, Refusal, textOf } from '../api.ts'
import { timeText } from '../times.ts'

/** What came of trying something that no page can see for itself. */
type Tried = {
  readonly state: 'asking' | 'worked' | 'failed'
  readonly text: string
}

export type Tries = {
  readonly of: (name: string) => Tried | null
  /** `said`: what its answer means. */
  readonly attempt: <T>(name: string, path: string, said: (answer: T) => string) => void
}

/** Of several things, by name: each can be tried while another one is. */
export function useTries(): Tries {
  const [all, setAll] = useState<Readonly<Record<string, Tried>>>({})
  const set = (name: string, tried: Tried): void => setAll(before => ({ ...before, [name]: tried }))
  return {
    of: name => (Object.hasOwn(all, name) ? (all[name] ?? null) : null),
    attempt: (name, path, said) => {
      set(name, { state: 'asking', text: '' })
      ask<Parameters<typeof said>[0]>('POST', path).then(
        answer => {
          const at = timeText(new Date().toISOString())
          set(name, { state: 'worked', text: `${at}: ${said(answer)}` })
        },
        error => set(name, { state: 'failed', text: refusalText(error) }),
      )
    },
  }
}

/** A server that takes its time is waited for by the box longer than by a browser. */
function refusalText(error: unknown): string {
  if (!(error instanceof Refusal)) return textOf(error)
  const { reason, title, detail } = error.problem
  if (reason === 'no-answer') {
    return 'The box has not answered yet. If it still tries, the state here says how that ends.'
  }
  return detail === undefined ? `${title}.` : `${title}: ${detail.replace(/\.$/, '')}.`
}

/** It keeps the focus while it works. */
export const TryButton = ({
  tried,
  name,
  label,
  attempt,
}: {
  readonly tried: Tried | null
  readonly name: string
  readonly label: string
  readonly attempt: () => void
}) => {
  const isAsking = tried?.state === 'asking'
  return (
    <button
      type="button"
      aria-label={`${label}: ${name}`}
      aria-disabled={isAsking}
      onClick={() => {
        if (!isAsking) attempt()
      }}
    >
      {isAsking ? 'Waiting' : label}
    </button>
  )
}

/** Why it is what it is, unless the try has just said the same. */
export const WhyAndTried = ({
  why,
  tried,
  advice,
}: {
  readonly why: string
  readonly tried: Tried | null
  /** What to do when it was refused. */
  readonly advice: string
}) => (
  <>
    {tried?.text.includes(why) !== true && why}
    <p class={`tried ${tried?.state ?? ''}`} role="status">
      {tried?.text}
      {tried?.state === 'failed' && <span> {advice}</span>}
    </p>
  </>
)
