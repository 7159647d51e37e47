import { useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'

/** The end of the pair: asked twice, since only a code brings it back. */
export function Unpair({ peer }: { readonly peer: string }) {
  const [isAsking, setAsking] = useState(false)
  const [why, setWhy] = useState('')
  const leave = async (): Promise<void> => {
    setAsking(false)
    setWhy('')
    await ask('DELETE', '/api/v1/pair').catch(error => setWhy(textOf(error)))
  }
  return (
    <section aria-label="Unpair">
      <h2>Unpair</h2>
      <p class="quiet">
        Each box keeps its configuration and goes on, but neither learns of changes of the other
        one, or of its health. A pairing code makes them a pair again.
      </p>
      {isAsking ? (
        <p class="buttons">
          {/* In the place of the button that was pressed: a key that is held down ends no pair. */}
          <button type="button" onClick={() => setAsking(false)}>
            Not now
          </button>
          <button type="button" class="primary" onClick={() => void leave()}>
            Unpair from {peer}
          </button>
        </p>
      ) : (
        <p>
          <button type="button" onClick={() => setAsking(true)}>
            Unpair the two boxes
          </button>
        </p>
      )}
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}
