import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChangeAnswer, ChangeRequest } from '../../appliance/api/configuration.ts'
import type { Status } from '../../appliance/status/document.ts'
import { ask, Refusal } from '../api.ts'
import { focusAt } from '../forms/form.ts'
import { type Path, parsePath, valueAt } from '../forms/path.ts'
import { loadSchema, type Schema } from '../forms/schema.ts'
import { pageOf } from '../forms/sections.ts'
import { linkTo } from '../route.ts'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'
import { ChangeDialog } from './change-dialog.tsx'
import { ConfigurationBody } from './configuration-body.tsx'
import { useDraft } from './configuration-draft.ts'
import { Findings, type Refused, refusedBy } from './findings.tsx'

/** The document, by forms or as JSON: what would happen is shown before it does. */
export function Configuration({
  user,
  status,
  words,
}: {
  readonly user: User
  readonly status: Status
  /** Of the address: `cluster`, `services`, `shop`. */
  readonly words: readonly string[]
}) {
  const control = useDraft(user.user)
  const { draft, isNew, isBroken } = control
  // That is in force now.
  const revision = status.configuration?.revision ?? 0
  const [schema, setSchema] = useState<Schema | null>(null)
  const [plan, setPlan] = useState<ChangeAnswer | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [said, setSaid] = useState('')
  const [busy, setBusy] = useState(false)
  const wanted = useRef<Path | null>(null)

  const load = async (): Promise<void> => {
    try {
      await control.load()
      setPlan(null)
      setRefused(null)
    } catch (error) {
      setRefused(refusedBy(error))
    }
  }
  useEffect(() => {
    loadSchema().then(setSchema, error => setRefused(refusedBy(error)))
    if (draft === null) void load()
  }, [])

  // What nobody has typed into follows what is in force.
  useEffect(() => {
    if (draft !== null && !isNew && revision !== draft.base.revision?.number) void load()
  }, [revision])

  // A page that was gone to has its fields after it was drawn.
  useEffect(() => {
    if (wanted.current !== null && focusAt(wanted.current)) wanted.current = null
  })

  const show = (path: string): void => {
    if (schema === null) return
    const at = parsePath(path)
    const page = pageOf(schema, at)
    wanted.current = page === null ? null : at
    const to = linkTo('configuration', ...(page ?? ['json']))
    if (location.hash !== to) location.hash = to
    else if (focusAt(at)) wanted.current = null
  }
  const refuse = (error: unknown): void => {
    const why = refusedBy(error)
    setPlan(null)
    setRefused(why)
    const [first] = why.found
    if (first !== undefined && words[0] !== 'json') show(first.path)
  }
  const send = async (request: ChangeRequest): Promise<void> => {
    if (busy) return
    setBusy(true)
    setRefused(null)
    setSaid('')
    try {
      const answer = await ask<ChangeAnswer>('POST', '/api/v1/configuration/changes', request)
      if (request.dryRun === true) setPlan(answer)
      else {
        await load()
        setSaid(`Revision ${answer.revision?.number ?? 0} is in force.`)
      }
    } catch (error) {
      refuse(error)
    }
    setBusy(false)
  }
  const sendDraft = (more: Partial<ChangeRequest>): void => {
    if (draft === null) return
    const parent = draft.base.revision?.number ?? 0
    void send({ document: draft.document, parent, ...more })
  }
  const plans = (): void => {
    if (!isBroken) sendDraft({ dryRun: true })
    else refuse(new Refusal({ status: 0, reason: 'not-json', title: 'This is not JSON' }))
  }
  const edit = (document: unknown): void => {
    setSaid('')
    if (draft !== null) setRefused(stillWrong(refused, draft.document, document))
    control.edit(document)
  }

  if (draft === null || schema === null) {
    return (
      <>
        <h1>Configuration</h1>
        {refused === null ? <p class="quiet">Asking the box.</p> : <Findings refused={refused} />}
      </>
    )
  }
  const { base } = draft
  const isFile = base.source !== 'store'
  const isOld = revision !== 0 && base.revision !== null && revision !== base.revision.number
  const isAdmin = may(user, 'admin') && !isFile
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
      <p role="status">{said}</p>
      {refused !== null && <Findings refused={refused} show={show} />}
      <ConfigurationBody
        schema={schema}
        control={control}
        draft={draft}
        status={status}
        user={user}
        words={words}
        isAdmin={isAdmin}
        found={refused?.found ?? []}
        edit={edit}
        back={isAdmin ? number => send({ revision: number }) : null}
      />
      {isAdmin && isNew && (
        <p class="buttons changed">
          <span>Not applied yet.</span>
          <button type="button" class="primary" onClick={plans}>
            What would happen?
          </button>
          <button
            type="button"
            onClick={() => {
              control.drop()
              setRefused(null)
            }}
          >
            Undo
          </button>
        </p>
      )}
      {plan !== null && (
        <ChangeDialog
          plan={plan}
          busy={busy}
          close={() => setPlan(null)}
          apply={more => sendDraft(more)}
        />
      )}
    </>
  )
}

/** What was found at places that are otherwise now may be right. */
function stillWrong(refused: Refused | null, before: unknown, now: unknown): Refused | null {
  if (refused === null || refused.found.length === 0) return null
  const found = refused.found.filter(({ path }) => {
    const at = parsePath(path)
    return valueAt(before, at) === valueAt(now, at)
  })
  return found.length === 0 ? null : { ...refused, found, lines: found.map(({ line }) => line) }
}

function aboutText(
  revision: { number: number; author: string; time: string; reason: string } | null,
): string {
  if (revision === null) return 'There is none yet.'
  const { number, author, time, reason } = revision
  return `Revision ${number}, by ${author}, ${timeText(time)}${reason === '' ? '' : `: ${reason}`}`
}
