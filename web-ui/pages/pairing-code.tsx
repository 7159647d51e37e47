import { useState } from 'preact/hooks'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import { ask, textOf } from '../api.ts'
import { timeText } from '../times.ts'

type Shown = { readonly code: string; readonly expiresAt: string }

/** Another box joins with it, the first one or one that replaces a peer that is gone. */
export function PairingCode({ pair }: { readonly pair: PairStatus }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [why, setWhy] = useState('')
  const show = async (): Promise<void> => {
    setWhy('')
    try {
      setShown(await ask<Shown>('POST', '/api/v1/pair/code'))
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  const end = async (): Promise<void> => {
    setShown(null)
    await ask('DELETE', '/api/v1/pair/code').catch(error => setWhy(textOf(error)))
  }
  return (
    <section aria-label="Pairing code">
      <h2>{pair.peer === null ? 'Let another box join' : 'Replace the other box'}</h2>
      {shown === null ? (
        <p>
          <button type="button" onClick={() => void show()}>
            Show a pairing code
          </button>
        </p>
      ) : (
        <>
          <p>
            Type <code>{shown.code}</code> on the other box before {timeText(shown.expiresAt)}: its
            wizard asks for it.
          </p>
          <p>
            <button type="button" onClick={() => void end()}>
              End it
            </button>
          </p>
        </>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}
