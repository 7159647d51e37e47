import { useState } from 'preact/hooks'
import { ask } from '../api.ts'
import { Findings, type Refused, refusedBy } from './findings.tsx'

type Line = {
  readonly place: { readonly file: string; readonly line: number }
  readonly outcome: string
  readonly text: string
}

type Answer = { readonly documents: readonly unknown[]; readonly findings: readonly Line[] }

/** A keepalived.conf becomes a document, and each of its lines says what became of it. */
export function Import({ take }: { readonly take: (document: unknown) => void }) {
  const [text, setText] = useState('')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)

  const convert = async (): Promise<void> => {
    setRefused(null)
    setAnswer(null)
    try {
      setAnswer(await ask<Answer>('POST', '/api/v1/configuration/import', { text }))
    } catch (error) {
      setRefused(refusedBy(error))
    }
  }
  const document = answer?.documents[0]
  const lines = answer?.findings.filter(({ outcome }) => outcome !== 'applied') ?? []
  return (
    <details class="import">
      <summary>Bring a keepalived.conf</summary>
      <textarea
        aria-label="keepalived.conf"
        spellcheck={false}
        value={text}
        onInput={event => setText(event.currentTarget.value)}
      />
      <p class="buttons">
        <button type="button" disabled={text.trim() === ''} onClick={() => void convert()}>
          What becomes of it?
        </button>
        <button
          type="button"
          class="primary"
          disabled={document === undefined}
          onClick={() => take(document)}
        >
          Take it over into the editor
        </button>
      </p>
      {refused !== null && <Findings refused={refused} />}
      {answer !== null && (
        <p role="status">
          {answer.findings.length - lines.length} lines mean the same here;{' '}
          {lines.length === 0 ? 'nothing else is to be said' : 'of the others:'}
        </p>
      )}
      <ul>
        {lines.map(({ place, outcome, text: said }) => (
          <li key={`${place.line} ${outcome} ${said}`}>
            <b>
              line {place.line}, {outcome}
            </b>{' '}
            {said}
          </li>
        ))}
      </ul>
    </details>
  )
}
