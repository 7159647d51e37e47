import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import { useAsked } from '../asked.ts'
import { may, type User } from '../session.ts'
import { Table } from '../table.tsx'

type Head = { readonly author: string; readonly reason: string }
type Found = {
  readonly conflict: {
    readonly ours: Head
    readonly theirs: Head
    readonly differences: readonly string[]
  } | null
}
type Side = 'ours' | 'theirs'

/** What the other box has comes a moment after the conflict is known. */
const everyMs = 2000

/** Both boxes were changed while they were apart: a person chooses. */
export function Conflict({ user, peer }: { readonly user: User; readonly peer: string }) {
  const [found, whyNotFound] = useAsked<Found>('/api/v1/pair', everyMs)
  const [chosen, setChosen] = useState<Side | null>(null)
  const [why, setWhy] = useState('')
  const asking = useRef<HTMLElement>(null)
  useEffect(() => {
    if (chosen !== null) asking.current?.focus()
  }, [chosen])
  const keep = async (side: Side): Promise<void> => {
    setChosen(null)
    setWhy('')
    await ask('POST', '/api/v1/pair/resolution', { keep: side }).catch(error =>
      setWhy(textOf(error)),
    )
  }
  const conflict = found?.conflict ?? null
  return (
    <section aria-label="Conflict">
      <h2>The two boxes have different configurations</h2>
      {conflict === null ? (
        <p class="quiet">Asking {peer} what it has.</p>
      ) : (
        <>
          <p>
            Changed here by {headText(conflict.ours)}; on {peer} by {headText(conflict.theirs)}.
          </p>
          <Table
            headings={['What differs', 'This box', peer]}
            rows={conflict.differences.map(text => ({ key: text, cells: sidesOf(text) }))}
            none="What differs is in what is kept secret."
          />
        </>
      )}
      {may(user, 'admin') && conflict !== null && chosen === null && (
        <p class="buttons">
          <button type="button" onClick={() => setChosen('ours')}>
            Keep what this box has
          </button>
          <button type="button" onClick={() => setChosen('theirs')}>
            Keep what {peer} has
          </button>
        </p>
      )}
      {chosen !== null && (
        <section class="notice" aria-label="Overwrite" tabIndex={-1} ref={asking}>
          <p>
            Both boxes then have what {chosen === 'ours' ? 'this box' : peer} has now. The history
            of {chosen === 'ours' ? peer : 'this box'} keeps what it had.
          </p>
          <p class="buttons">
            <button type="button" class="primary" onClick={() => void keep(chosen)}>
              {chosen === 'ours' ? `Overwrite ${peer}` : 'Overwrite this box'}
            </button>
            <button type="button" onClick={() => setChosen(null)}>
              Not now
            </button>
          </p>
        </section>
      )}
      <p class="refused" role="alert">
        {why || whyNotFound}
      </p>
    </section>
  )
}

const headText = ({ author, reason }: Head): string =>
  reason === '' ? author : `${author} (${reason})`

/** `cluster.x: 1 -> 2`, `cluster.x: added 2`, `cluster.x: removed, was 1`: place, here, there. */
function sidesOf(text: string): readonly string[] {
  const [, place = text, what = ''] = /^(.*?): (.*)$/s.exec(text) ?? []
  const [, added] = /^added (.*)$/s.exec(what) ?? []
  if (added !== undefined) return [place, 'not there', added]
  const [, removed] = /^removed, was (.*)$/s.exec(what) ?? []
  if (removed !== undefined) return [place, removed, 'not there']
  const [, ours, theirs] = /^(.*?) -> (.*)$/s.exec(what) ?? []
  return ours === undefined || theirs === undefined ? [place, what, what] : [place, ours, theirs]
}
