import { useState } from 'preact/hooks'
import type { OfferedUpgrade } from '../../appliance/api/upgrade-operations.ts'
import type { SlotStatus, Status, UpgradeStatus } from '../../appliance/status/document.ts'
import { ask, Refusal, textOf } from '../api.ts'
import { upload } from '../upload.ts'
import { UpgradeFromPeer } from './upgrade-from-peer.tsx'

/** As much of a file as says what it is. */
const labelSize = 4096

/** What the person has to know before the box takes it. */
const doubts = {
  'not-signed': { wish: 'unsigned', text: 'I know where this file comes from' },
  'older-schema': { wish: 'older', text: 'I want the older software, and what comes with it' },
} as const

type Doubt = keyof typeof doubts

const isDoubt = (reason: string): reason is Doubt => Object.hasOwn(doubts, reason)

const queryOf = (agreed: ReadonlySet<Doubt>, more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams([
    ...Object.entries(more),
    ...[...agreed].map(doubt => [doubts[doubt].wish, 'yes']),
  ]).toString()

/** New software for the slot that does not run: from a file of the person's own computer. */
export function UpgradeBox({ status }: { readonly status: Status }) {
  const [file, setFile] = useState<File | null>(null)
  const [agreed, setAgreed] = useState<ReadonlySet<Doubt>>(new Set())
  const [offered, setOffered] = useState<OfferedUpgrade | null>(null)
  const [doubt, setDoubt] = useState<Doubt | null>(null)
  const [sent, setSent] = useState<number | null>(null)
  const [why, setWhy] = useState('')

  const doing = async (work: () => Promise<unknown>): Promise<void> => {
    setWhy('')
    try {
      await work()
    } catch (error) {
      const reason = error instanceof Refusal ? error.problem.reason : ''
      setDoubt(isDoubt(reason) ? reason : null)
      setWhy(textOf(error))
    }
  }

  const look = (chosen: File | null, knows: ReadonlySet<Doubt>): void => {
    setFile(chosen)
    setAgreed(knows)
    setOffered(null)
    setDoubt(null)
    if (chosen === null) return
    void doing(async () => {
      const query = queryOf(knows, { length: String(chosen.size) })
      const head = chosen.slice(0, labelSize)
      setOffered(await upload<OfferedUpgrade>(`/api/v1/upgrade/check?${query}`, head))
    })
  }

  const send = (chosen: File): void =>
    void doing(async () => {
      setSent(0)
      try {
        await upload(`/api/v1/upgrade?${queryOf(agreed)}`, chosen, setSent)
        look(null, new Set())
      } finally {
        setSent(null)
      }
    })

  if (status.slot === null) return null
  const { slot } = status
  const isBusy = sent !== null || isUnderWay(slot.upgrade)
  return (
    <section aria-label="Upgrade">
      <h2>Upgrade</h2>
      <p>
        Version {status.version} runs from slot {nameOf(slot.running)}. Another one is written into
        the other slot while this one goes on; the next start tries it, and comes back to this one
        if the box does not get well with it.
      </p>
      <InOtherSlot slot={slot} sent={sent} size={file?.size ?? 0} />
      {slot.upgrade?.state === 'ready' && !isBusy && (
        <>
          {masterText(status) !== '' && <p>{masterText(status)}</p>}
          <p>
            <button
              type="button"
              class="primary"
              onClick={() => void doing(() => ask('POST', '/api/v1/power', { action: 'restart' }))}
            >
              Restart into version {slot.upgrade.version}
            </button>{' '}
            <button
              type="button"
              onClick={() => void doing(() => ask('DELETE', '/api/v1/upgrade'))}
            >
              Take it back
            </button>
          </p>
        </>
      )}
      {!isBusy && (
        <form
          class="row"
          onSubmit={event => {
            event.preventDefault()
            if (file !== null && offered !== null) send(file)
          }}
        >
          <label>
            File diarch-VERSION-x86_64.slot
            <input
              type="file"
              accept=".slot"
              onChange={event => look(event.currentTarget.files?.[0] ?? null, new Set())}
            />
          </label>
          {offered !== null && (
            <button type="submit">
              Write version {offered.version} into slot {nameOf(offered.slot)}
            </button>
          )}
        </form>
      )}
      {!isBusy && status.pair.peer !== null && <UpgradeFromPeer peer={status.pair.peer.name} />}
      <p class="refused" role="alert">
        {why}
      </p>
      {doubt !== null && file !== null && (
        <button type="button" onClick={() => look(file, new Set([...agreed, doubt]))}>
          {doubts[doubt].text}
        </button>
      )}
    </section>
  )
}

const nameOf = (slot: 'a' | 'b'): string => slot.toUpperCase()

const isUnderWay = (upgrade: UpgradeStatus | null): boolean =>
  upgrade?.state === 'writing' || upgrade?.state === 'verifying'

/** What this page sends it knows itself; of what others send, the box tells. */
function InOtherSlot({
  slot: { upgrade },
  sent,
  size,
}: {
  readonly slot: SlotStatus
  readonly sent: number | null
  readonly size: number
}) {
  if (sent !== null && upgrade?.state !== 'verifying') {
    return <Progress text="It is sent and written" value={sent} max={size} />
  }
  if (upgrade === null) return null
  const { state, version, why, bytes, of } = upgrade
  if (isUnderWay(upgrade)) return <Progress text={why} value={bytes} max={of} />
  return (
    <p class={state === 'failed' ? 'refused' : ''} role="status">
      Version {version}: {why}.
    </p>
  )
}

const Progress = ({
  text,
  value,
  max,
}: {
  readonly text: string
  readonly value: number
  readonly max: number
}) => (
  <p>
    <label>
      {text}: <progress value={value} max={max} />{' '}
      {max === 0 ? '' : `${Math.floor((value / max) * 100)} %`}
    </label>
  </p>
)

/** What a restart means for the addresses. */
function masterText({ routers, pair }: Status): string {
  const held = routers.filter(({ state }) => state === 'MASTER').map(({ name }) => name)
  if (held.length === 0) return ''
  const holds = `This box is MASTER of ${held.join(', ')}.`
  if (pair.peer === null) return `${holds} A restart interrupts what it serves.`
  const { name } = pair.peer
  return [
    `${holds} A restart hands that to ${name}.`,
    `Better: upgrade ${name} first, see it confirmed, then hand over.`,
  ].join(' ')
}
