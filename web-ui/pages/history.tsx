import { useEffect, useState } from 'preact/hooks'
import type { RevisionInfo } from '../../appliance/api/configuration.ts'
import { ask, textOf } from '../api.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'

type Answer = { readonly revisions: readonly RevisionInfo[]; readonly damage: readonly string[] }

const mostShown = 20
const headings = ['Revision', 'When', 'Who', 'Why']

/** Every revision that is kept; each can be gone back to. */
export function History({
  newest,
  back,
}: {
  readonly newest: number
  readonly back: ((number: number) => Promise<void>) | null
}) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [why, setWhy] = useState('')
  useEffect(() => {
    ask<Answer>('GET', '/api/v1/configuration/revisions').then(setAnswer, error =>
      setWhy(textOf(error)),
    )
  }, [newest])
  const revisions = answer?.revisions ?? []
  return (
    <section aria-label="History">
      <h2>History</h2>
      {why !== '' && <p class="refused">{why}</p>}
      {answer?.damage.map(line => (
        <p class="notice" key={line}>
          {line}
        </p>
      ))}
      <Table
        headings={back === null ? headings : [...headings, '']}
        rows={revisions.slice(0, mostShown).map(({ number, time, author, reason }) => ({
          key: String(number),
          cells: [
            String(number),
            timeText(time),
            author,
            reason,
            ...(back === null
              ? []
              : [
                  number === newest ? (
                    'in force'
                  ) : (
                    <button key="back" type="button" onClick={() => void back(number)}>
                      Back to <span class="hidden">revision </span>
                      {number}
                    </button>
                  ),
                ]),
          ],
        }))}
        none={answer === null ? 'Asking the box.' : 'There are no revisions yet.'}
      />
    </section>
  )
}
