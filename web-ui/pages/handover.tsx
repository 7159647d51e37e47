import { useState } from 'preact/hooks'
import type { Status } from '../../appliance/status/document.ts'
import type { HandoverReceipt } from '../../appliance/status/pair-status.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import { ask, textOf } from '../api.ts'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'

/** Gives everything to the other box, and says what that has cost. */
export function Handover({ status, user }: { readonly status: Status; readonly user: User }) {
  const [isAsking, setAsking] = useState(false)
  const [isUnderWay, setUnderWay] = useState(false)
  const [why, setWhy] = useState('')
  const masters = status.routers.filter(({ state }) => state === 'MASTER')
  const { handover, peer } = status.pair

  const give = async (): Promise<void> => {
    setAsking(false)
    setUnderWay(true)
    setWhy('')
    try {
      await ask('POST', '/api/v1/failover')
    } catch (error) {
      setWhy(textOf(error))
    }
    setUnderWay(false)
  }

  return (
    <section aria-label="Handover">
      <h2>Handover</h2>
      {masters.length === 0 ? (
        <p class="quiet">
          This box is master of nothing. The page of the box that is can give it over.
        </p>
      ) : (
        may(user, 'operator') && (
          <p>
            {isAsking ? (
              <>
                {peer === null && 'No other box is known: nobody may take them. '}
                {peer?.report === null && `${peer.name} is not heard: it may not take them. `}
                <button type="button" class="primary" onClick={() => void give()}>
                  Give {whatText(masters)} to {peer?.name ?? 'whoever takes over'}
                </button>{' '}
                <button type="button" onClick={() => setAsking(false)}>
                  Not now
                </button>
              </>
            ) : (
              <button type="button" disabled={isUnderWay} onClick={() => setAsking(true)}>
                {isUnderWay ? 'The addresses are on their way' : 'Hand over'}
              </button>
            )}
          </p>
        )
      )}
      {handover !== null && <Receipt receipt={handover} />}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

const whatText = (masters: readonly RouterStatus[]): string =>
  masters.length === 1 ? (masters[0]?.name ?? '') : `all ${masters.length} routers`

const Receipt = ({ receipt }: { readonly receipt: HandoverReceipt }) => {
  const { gap, connections, at, text } = receipt
  return (
    <div class="panel receipt" role="status">
      {gap !== null && (
        <p class="figure">
          {Math.round(gap.ms)} ms <small>± {Math.max(1, Math.ceil(gap.withinMs))} ms</small>
        </p>
      )}
      {connections !== null && (
        <p class="figure">
          {connections.kept} of {connections.of} <small>connections kept</small>
        </p>
      )}
      <p>
        <span class="quiet">{timeText(at)}</span> {text}
      </p>
    </div>
  )
}
