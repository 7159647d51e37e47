import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import { may, type User } from '../session.ts'

type Head = { readonly author: string; readonly reason: string }
type Found = {
  readonly conflict: {
    readonly ours: Head
    readonly theirs: Head
    readonly differences: readonly string[]
  } | null
}

/** Both boxes were changed while they were apart: a person chooses. */
export function Conflict({ user }: { readonly user: User }) {
  const [found, setFound] = useState<Found['conflict']>(null)
  const [why, setWhy] = useState('')
  useEffect(() => {
    ask<Found>('GET', '/api/v1/pair').then(
      ({ conflict }) => setFound(conflict),
      error => setWhy(textOf(error)),
    )
  }, [])
  const keep = (side: 'ours' | 'theirs') => {
    ask('POST', '/api/v1/pair/resolution', { keep: side }).catch(error => setWhy(textOf(error)))
  }
  return (
    <section aria-label="Conflict">
      <h2>The two boxes have different configurations</h2>
      {found !== null && (
        <>
          <p>
            Changed here by {headText(found.ours)}; there by {headText(found.theirs)}. From here to
            there:
          </p>
          <pre class="panel">{found.differences.join('\n')}</pre>
        </>
      )}
      {may(user, 'admin') && (
        <p>
          <button type="button" onClick={() => keep('ours')}>
            Keep what this box has
          </button>{' '}
          <button type="button" onClick={() => keep('theirs')}>
            Keep what the other box has
          </button>
        </p>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

const headText = ({ author, reason }: Head): string =>
  reason === '' ? author : `${author} (${reason})`
