import { useState } from 'preact/hooks'
import type { PeerUpgrade } from '../../appliance/api/upgrade-operations.ts'
import { ask, Refusal, textOf } from '../api.ts'

const path = '/api/v1/upgrade/peer'

const queryOf = (older: boolean): string => (older ? '?older=yes' : '')

/** New software from the other box of the pair, which runs it. */
export function UpgradeFromPeer({ peer }: { readonly peer: string }) {
  const [offered, setOffered] = useState<PeerUpgrade | null>(null)
  const [older, setOlder] = useState(false)
  const [isDoubtful, setDoubtful] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [why, setWhy] = useState('')

  const doing = async (work: () => Promise<void>): Promise<void> => {
    setWhy('')
    setDoubtful(false)
    setAsking(true)
    try {
      await work()
    } catch (error) {
      setDoubtful(error instanceof Refusal && error.problem.reason === 'older-schema')
      setWhy(textOf(error))
    } finally {
      setAsking(false)
    }
  }

  const look = (agreed: boolean): void => {
    setOlder(agreed)
    void doing(async () => {
      setOffered(await ask<PeerUpgrade>('POST', `${path}/check${queryOf(agreed)}`))
    })
  }

  const take = (): void =>
    void doing(async () => {
      await ask('POST', `${path}${queryOf(older)}`)
      setOffered(null)
    })

  return (
    <>
      {offered === null ? (
        <p>
          <button type="button" disabled={isAsking} onClick={() => look(false)}>
            Ask {peer} for its software
          </button>
        </p>
      ) : (
        <p>
          {offered.from} runs version {offered.version} ({offered.commit}), and this box{' '}
          {offered.runs}.{' '}
          <button type="button" disabled={isAsking} onClick={take}>
            Write that of {offered.from} into slot {offered.slot.toUpperCase()}
          </button>
        </p>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
      {isDoubtful && (
        <button type="button" onClick={() => look(true)}>
          I want the older software, and what comes with it
        </button>
      )}
    </>
  )
}
