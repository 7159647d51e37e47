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
  const refusals = answer?.findings.filter(({ outcome }) => outcome === 'refused') ?? []
  const others = answer?.findings.filter(({ outcome }) => outcome !== 'applied').length ?? 0
  return (
    <section class="import" aria-label="Import">
      <h2>Bring a keepalived.conf</h2>
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
          Take it over
        </button>
      </p>
      {refused !== null && <Findings refused={refused} />}
      {answer !== null && (
        <p role="status">
          {answer.findings.length - others} lines mean the same here,{' '}
          {others === 0 ? 'and that is all of them.' : `${others} need a look.`}
        </p>
      )}
      {refusals.map(({ place, text: why }) => (
        <p key={`${place.line} ${why}`} class="refused" role="alert">
          Line {place.line}: {why}
        </p>
      ))}
      {answer !== null && <Beside text={text} findings={answer.findings} />}
    </section>
  )
}

const tones: Readonly<Record<string, string>> = {
  translated: 'neutral',
  ignored: 'warn',
  unsupported: 'bad',
  refused: 'bad',
}

/** The file as it was given; what is to be said of a line stands under it. */
const Beside = ({
  text,
  findings,
}: {
  readonly text: string
  readonly findings: readonly Line[]
}) => (
  <ol class="panel lines" aria-label="The file, line by line">
    {text
      .trimEnd()
      .split('\n')
      .map((line, index) => (
        <li key={`${index} ${line}`}>
          <code>{line === '' ? ' ' : line}</code>
          {findings
            .filter(({ place, outcome }) => place.line === index + 1 && outcome !== 'applied')
            .map(({ outcome, text: said }) => (
              <p key={`${outcome} ${said}`}>
                <span class={`badge ${tones[outcome] ?? 'neutral'}`}>{outcome}</span> {said}
              </p>
            ))}
        </li>
      ))}
  </ol>
)
