import { useEffect, useState } from 'preact/hooks'
import type {
  ChangeAnswer,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../../appliance/api/configuration.ts'
import { ask, Refusal } from '../api.ts'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'
import { Findings, type Refused, refusedBy } from './findings.tsx'
import { History } from './history.tsx'
import { Import } from './import.tsx'

/** The document, edited as it is: what would happen is shown before it does. */
export function Configuration({
  user,
  revision,
}: {
  readonly user: User
  /** That is in force now, as the status has it. */
  readonly revision: number
}) {
  const [base, setBase] = useState<ShownConfiguration | null>(null)
  const [text, setText] = useState('')
  const [plan, setPlan] = useState<ChangeAnswer | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [onTrial, setOnTrial] = useState(true)
  const [trial, setTrial] = useState('2m')
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)

  const load = async (): Promise<void> => {
    const shown = await ask<ShownConfiguration>('GET', '/api/v1/configuration')
    setBase(shown)
    setText(written(shown.document))
    setPlan(null)
    setRefused(null)
  }
  useEffect(() => {
    load().catch((error: unknown) => setRefused(refusedBy(error)))
  }, [])

  // What nobody has typed into follows what is in force.
  useEffect(() => {
    if (base !== null && text === written(base.document) && revision !== base.revision?.number) {
      void load().catch((error: unknown) => setRefused(refusedBy(error)))
    }
  }, [revision])

  const send = async (request: ChangeRequest): Promise<void> => {
    setBusy(true)
    setRefused(null)
    try {
      const answer = await ask<ChangeAnswer>('POST', '/api/v1/configuration/changes', request)
      if (request.dryRun === true) setPlan(answer)
      else {
        setReason('')
        await load()
      }
    } catch (error) {
      setPlan(null)
      setRefused(refusedBy(error))
    }
    setBusy(false)
  }
  const document = (): unknown => {
    try {
      return JSON.parse(text)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      throw new Refusal({ status: 0, reason: 'not-json', title: 'This is not JSON', detail })
    }
  }
  const sendText = async (more: Partial<ChangeRequest>): Promise<void> => {
    try {
      await send({ document: document(), parent: base?.revision?.number ?? 0, ...more })
    } catch (error) {
      setRefused(refusedBy(error))
    }
  }

  if (base === null) {
    return (
      <>
        <h1>Configuration</h1>
        {refused === null ? <p class="quiet">Asking the box.</p> : <Findings refused={refused} />}
      </>
    )
  }
  const isFile = base.source !== 'store'
  const isNew = text !== written(base.document)
  const isOld = revision !== 0 && base.revision !== null && revision !== base.revision.number
  return (
    <>
      <h1>Configuration</h1>
      <p class="quiet">{aboutText(base.revision)}</p>
      {isFile && (
        <p class="notice">
          It is read from {base.source} and changed there; “diarch reload” reads it again.
        </p>
      )}
      {isOld && (
        <p class="notice">
          Revision {revision} is in force by now.{' '}
          <button type="button" onClick={() => void load()}>
            Show it{isNew ? ', and drop what is typed here' : ''}
          </button>
        </p>
      )}
      <textarea
        aria-label="The document"
        spellcheck={false}
        readOnly={!may(user, 'admin') || isFile}
        value={text}
        onInput={event => {
          setText(event.currentTarget.value)
          setPlan(null)
        }}
      />
      {refused !== null && <Findings refused={refused} />}
      {may(user, 'admin') && !isFile && (
        <p class="buttons">
          <button
            type="button"
            class="primary"
            disabled={busy || !isNew}
            onClick={() => void sendText({ dryRun: true })}
          >
            What would happen?
          </button>
          <button type="button" disabled={!isNew} onClick={() => setText(written(base.document))}>
            Undo
          </button>
        </p>
      )}
      {plan !== null && (
        <section class="plan" aria-label="Plan">
          <h2>{plan.outcome === 'same' ? 'Nothing would change' : 'What would change'}</h2>
          {plan.differences.length > 0 && <pre>{plan.differences.join('\n')}</pre>}
          {plan.planText.length > 0 && (
            <>
              <h2>What would happen on this box</h2>
              <pre>{plan.planText.join('\n')}</pre>
            </>
          )}
          <p class="buttons">
            <label>
              Why (for the history)
              <input value={reason} onInput={event => setReason(event.currentTarget.value)} />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={onTrial}
                onChange={event => setOnTrial(event.currentTarget.checked)}
              />
              On trial: goes back by itself unless it is kept within
            </label>
            <input
              class="short"
              aria-label="Length of the trial"
              value={trial}
              disabled={!onTrial}
              placeholder="2m"
              onInput={event => setTrial(event.currentTarget.value)}
            />
            <button
              type="button"
              class="primary"
              disabled={busy || plan.outcome === 'same'}
              onClick={() =>
                void sendText({
                  ...(onTrial ? { confirmWithin: trial } : {}),
                  ...(reason === '' ? {} : { reason }),
                })
              }
            >
              Apply
            </button>
          </p>
        </section>
      )}
      {may(user, 'admin') && !isFile && (
        <Import take={found => setText(written(withUsersOf(base.document, found)))} />
      )}
      <History
        newest={revision}
        back={may(user, 'admin') && !isFile ? number => send({ revision: number }) : null}
      />
    </>
  )
}

/** A keepalived.conf knows no users, and nobody wants to lose his own with it. */
function withUsersOf(document: unknown, found: unknown): unknown {
  const now = (document ?? {}) as Parts
  const next = (found ?? {}) as Parts
  const kept = Object.entries(now.cluster ?? {}).filter(
    ([key]) => key === 'users' || key === 'tokens',
  )
  return { ...now, ...next, cluster: { ...Object.fromEntries(kept), ...next.cluster } }
}

type Parts = { readonly cluster?: Readonly<Record<string, unknown>> }

const written = (document: unknown): string =>
  document === null ? '' : `${JSON.stringify(document, null, 2)}\n`

function aboutText(revision: RevisionInfo | null): string {
  if (revision === null) return 'There is none yet.'
  const { number, author, time, reason } = revision
  return `Revision ${number}, by ${author}, ${timeText(time)}${reason === '' ? '' : `: ${reason}`}`
}
