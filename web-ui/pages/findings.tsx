import { Refusal, textOf } from '../api.ts'

/** Why a document was refused. */
export type Refused = { readonly text: string; readonly lines: readonly string[] }

export function refusedBy(error: unknown): Refused {
  if (!(error instanceof Refusal)) return { text: textOf(error), lines: [] }
  const { title, detail, findings = [], differences = [] } = error.problem
  const found = (findings as readonly Found[]).map(lineOf)
  const lines = found.length > 0 ? found : differences
  return { text: lines.length > 0 || detail === undefined ? title : `${title}. ${detail}`, lines }
}

type Found = {
  readonly path: string
  readonly expected: string
  readonly hint: string | null
  readonly value?: unknown
}

const lineOf = ({ path, expected, hint, value }: Found): string => {
  const is = value === undefined ? '' : ` is ${JSON.stringify(value)}`
  return `${path || 'the document'}${is}: expected ${expected}${hint === null ? '' : `; ${hint}`}`
}

export function Findings({ refused }: { readonly refused: Refused }) {
  return (
    <section class="refused" role="alert">
      <p>{refused.text}</p>
      {refused.lines.length > 0 && (
        <ul>
          {refused.lines.map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
