import { countOf, pathOf, type Section } from '../forms/sections.ts'
import { label } from '../forms/words.ts'
import { linkTo } from '../route.ts'

type Props = {
  readonly sections: readonly Section[]
  readonly document: unknown
  /** The words of the address: `cluster`, `services`, `shop`. */
  readonly words: readonly string[]
  readonly mayImport: boolean
}

const others = [
  ['json', 'As JSON'],
  ['import', 'Import'],
  ['history', 'History'],
] as const

/** The pages of the document. */
export function Outline({ sections, document, words, mayImport }: Props) {
  const [part, key] = words
  const link = (path: readonly string[], text: string, count: number | null) => (
    <li key={path.join()}>
      <a
        href={linkTo('configuration', ...path)}
        aria-current={path[0] === part && (path[1] ?? key) === key ? 'page' : undefined}
      >
        {text} {count !== null && <small>{count}</small>}
      </a>
    </li>
  )
  return (
    <nav class="outline" aria-label="The configuration">
      {(['cluster', 'node'] as const).map(each => (
        <section key={each}>
          <h2>{label(each)}</h2>
          <ul>
            {sections
              .filter(section => section.part === each)
              .map(section =>
                link(
                  pathOf(section),
                  section.label,
                  section.isTable ? countOf(document, section) : null,
                ),
              )}
          </ul>
        </section>
      ))}
      <section>
        <h2>The document</h2>
        <ul>
          {others
            .filter(([word]) => word !== 'import' || mayImport)
            .map(([word, text]) => link([word], text, null))}
        </ul>
      </section>
    </nav>
  )
}
