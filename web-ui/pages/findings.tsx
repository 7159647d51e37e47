import { Refusal, textOf } from '../api.ts'

/** Why a document was refused. */
export type Refused = {
  readonly text: string
  readonly lines: readonly string[]
  /** At places of the document. */
  readonly found: readonly Found[]
}

export type Found = {
  readonly path: string
  /** In one line with the path, and without it. */
  readonly line: string
  readonly beside: string
}

export function refusedBy(error: unknown): Refused {
  if (!(error instanceof Refusal)) return { text: textOf(error), lines: [], found: [] }
  const { title, detail, findings = [], differences = [], places = [] } = error.problem
  const found = [...(findings as readonly Finding[]).map(foundBy), ...places.map(secretAt)]
  const lines = found.length > 0 ? found.map(({ line }) => line) : differences
  const text = lines.length > 0 || detail === undefined ? title : `${title}. ${detail}`
  return { text, lines, found }
}

type Finding = {
  readonly path: string
  readonly expected: string
  readonly hint: string | null
  readonly value?: unknown
}

function foundBy({ path, expected, hint, value }: Finding): Found {
  const is = value === undefined ? '' : ` is ${JSON.stringify(value)}`
  const why = `expected ${expected}${hint === null ? '' : `; ${hint}`}`
  const beside = `${is === '' ? '' : `It${is}: `}${why}`
  return {
    path,
    line: `${path || 'the document'}${is}: ${why}`,
    beside: beside.charAt(0).toUpperCase() + beside.slice(1),
  }
}

const secretAt = (path: string): Found => {
  const beside = 'There is no secret to keep: write it here'
  return { path, line: `${path}: ${beside.toLowerCase()}`, beside }
}

export function Findings({
  refused,
  show,
}: {
  readonly refused: Refused
  /** Leads to a place of the document. */
  readonly show?: (path: string) => void
}) {
  const { text, lines, found } = refused
  return (
    <section class="refused findings" role="alert">
      <p>{text}</p>
      {lines.length > 0 && (
        <ul>
          {lines.map((line, index) => (
            <li key={line}>
              {line}{' '}
              {show !== undefined && found[index] !== undefined && (
                <button type="button" onClick={() => show(found[index]?.path ?? '')}>
                  Show<span class="hidden"> {found[index]?.path}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
