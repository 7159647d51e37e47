import type { PublicStatus } from '../../appliance/status/public-status.ts'
import type { Live } from '../live.ts'
import { ageText, uptimeText } from '../uptime.ts'

const words = { starting: 'Starting', ok: 'Running', degraded: 'Degraded' } as const

export const stateWord = (status: PublicStatus): string => words[status.health]

export function State({ live, now }: { readonly live: Live; readonly now: number }) {
  const { status, connection } = live
  const stale = connection === 'lost'
  const look = stale || status === null ? 'unknown' : status.health
  const age = now - live.heardAt
  return (
    <section class={`state ${look}`} aria-label="State">
      <p class="word">
        {stale && status !== null && <span class="was">Last seen </span>}
        {status === null ? (stale ? 'Unknown' : 'Connecting') : stateWord(status)}
      </p>
      <p class="why">{stale ? <Stale live={live} age={age} /> : <Why status={status} />}</p>
      {status !== null && <Facts status={status} age={stale ? 0 : age} />}
    </section>
  )
}

/** A master that is shown and is none any more is dangerous, so this says how old all of it is. */
function Stale({ live, age }: { readonly live: Live; readonly age: number }) {
  if (live.status === null) return <>The box does not answer. Trying again.</>
  const time = new Date(live.heardAtClock).toLocaleTimeString([], { hour12: false })
  return (
    <>
      The connection broke. What is shown here is from <time>{time}</time>, {ageText(age)} old, and
      may be wrong by now.
    </>
  )
}

function Why({ status }: { readonly status: PublicStatus | null }) {
  if (status === null) return <>Asking the box.</>
  if (status.health === 'starting') return <>Not everything is up yet.</>
  if (status.health === 'ok') return <>All processes run.</>
  if (status.alarms === 0) return <>Not all processes run.</>
  const alarms = status.alarms === 1 ? '1 alarm' : `${status.alarms} alarms`
  return <>{alarms}. The console of this box and “diarch status” say more.</>
}

function Facts({ status, age }: { readonly status: PublicStatus; readonly age: number }) {
  return (
    <dl>
      <div>
        <dt>Version</dt>
        <dd>{status.version}</dd>
      </div>
      {status.slot !== null && (
        <div>
          <dt>Slot</dt>
          <dd>{status.slot.toUpperCase()}</dd>
        </div>
      )}
      <div>
        <dt>Up for</dt>
        <dd>{uptimeText(status.uptimeSeconds + age / 1000)}</dd>
      </div>
    </dl>
  )
}
