import { useEffect, useState } from 'preact/hooks'
import type {
  ChangeAnswer,
  ChangeRequest,
  RevisionInfo,
  ShownConfiguration,
} from '../../appliance/api/configuration.ts'
import { ask, Refusal } from '../api.ts'
import { may, type User } from '../session.ts'
import { Findings, type Refused, refusedBy } from './findings.tsx'
import { History } from './history.tsx'
import { Import } from './import.tsx'

const trials = [
  ['', 'for good'],
  ['1m', 'on trial for 1 minute'],
  ['5m', 'on trial for 5 minutes'],
] as const

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
  const [trial, setTrial] = useState('1m')
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

  const send = async (request: ChangeRequest): Promise<void> => {
    setBusy(true)
    setRefused(null)
    try {
      const answer = await ask<ChangeAnswer>('POST', '/api/v1/configuration/changes', request)
      if (request.dryRun === true) setPlan(answer)
      else await load()
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

  if (base === null) return <p class="quiet">{refused?.text ?? 'Asking the box.'}</p>
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
          <pre>{plan.differences.join('\n')}</pre>
          <h2>What would happen on this box</h2>
          <pre>{plan.planText.join('\n')}</pre>
          <p class="buttons">
            <label>
              Apply{' '}
              <select value={trial} onChange={event => setTrial(event.currentTarget.value)}>
                {trials.map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              class="primary"
              disabled={busy || plan.outcome === 'same'}
              onClick={() => void sendText(trial === '' ? {} : { confirmWithin: trial })}
            >
              Apply
            </button>
          </p>
        </section>
      )}
      {may(user, 'admin') && !isFile && <Import take={document => setText(written(document))} />}
      <History
        newest={revision}
        back={may(user, 'admin') && !isFile ? number => send({ revision: number }) : null}
      />
    </>
  )
}

const written = (document: unknown): string =>
  document === null ? '' : `${JSON.stringify(document, null, 2)}\n`

function aboutText(revision: RevisionInfo | null): string {
  if (revision === null) return 'There is none yet.'
  const { number, author, time, reason } = revision
  return `Revision ${number}, by ${author}, ${new Date(time).toLocaleString()}: ${reason}`
}
