import { useEffect, useState } from 'preact/hooks'
import type { RevisionInfo } from '../../appliance/api/configuration.ts'
import { ask, textOf } from '../api.ts'

type Answer = { readonly revisions: readonly RevisionInfo[]; readonly damage: readonly string[] }

const mostShown = 20

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
      {revisions.length === 0 && <p class="quiet">There are no revisions yet.</p>}
      {revisions.length > 0 && (
        <div class="wide">
          <table>
            <thead>
              <tr>
                <th scope="col">Revision</th>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">Why</th>
                {back !== null && <th scope="col">Do</th>}
              </tr>
            </thead>
            <tbody>
              {revisions.slice(0, mostShown).map(({ number, time, author, reason }) => (
                <tr key={number}>
                  <th scope="row">{number}</th>
                  <td>{new Date(time).toLocaleString()}</td>
                  <td>{author}</td>
                  <td>{reason}</td>
                  {back !== null && (
                    <td>
                      {number !== newest && (
                        <button type="button" onClick={() => void back(number)}>
                          Back to this
                        </button>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
