import { useEffect, useState } from 'preact/hooks'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import { ask, textOf } from '../api.ts'
import { useCountdown } from '../countdown.ts'

type Shown = { readonly code: string; readonly expiresAt: string }

/** As the operation says. */
const codeHoldsSeconds = 600

/** Another box joins with it, the first one or one that replaces a peer that is gone. */
export function PairingCode({ pair }: { readonly pair: PairStatus }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [why, setWhy] = useState('')
  const { codeExpiresAt, peer } = pair
  // Somebody has joined with it, another one took its place, or its time is over.
  useEffect(() => {
    setShown(now => (now?.expiresAt === codeExpiresAt ? now : null))
  }, [codeExpiresAt])
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
      <h2>{peer === null ? 'Let another box join' : 'Replace the other box'}</h2>
      {codeExpiresAt === null && shown === null && (
        <>
          <p class="quiet">
            {peer === null
              ? 'A new box asks for a code in its wizard, or by “diarch pair join”, and takes ' +
                'the configuration of this one.'
              : `A box with this code takes the place of ${peer.name}, and its configuration is ` +
                'that of this box.'}
          </p>
          <p>
            <button type="button" onClick={() => void show()}>
              Show a pairing code
            </button>
          </p>
        </>
      )}
      {shown !== null && <Code key={shown.code} code={shown.code} />}
      {codeExpiresAt !== null && shown === null && (
        <p>
          A code is shown elsewhere; another one takes its place.{' '}
          <button type="button" onClick={() => void show()}>
            Show another code
          </button>
        </p>
      )}
      {(codeExpiresAt !== null || shown !== null) && (
        <p>
          <button type="button" onClick={() => void end()}>
            End it
          </button>
        </p>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

/** From the moment at which the box has made it: its clock may be another one than ours. */
function Code({ code }: { readonly code: string }) {
  const left = useCountdown(codeHoldsSeconds)
  return (
    <div class="panel receipt">
      <p class="figure">
        <code>{code}</code>
      </p>
      <p>
        Type it on the other box within <b>{leftText(left)}</b>: its wizard asks for it. It is good
        for one box and five tries.
      </p>
    </div>
  )
}

const leftText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`
