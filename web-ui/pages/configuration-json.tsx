import { useEffect, useRef, useState } from 'preact/hooks'
import { Text } from '../forms/frame.tsx'
import { lineOf, offsetOf, pathAt, walkJson } from '../forms/json-places.ts'
import { parsePath, pathText } from '../forms/path.ts'
import { nodeAt, type Schema } from '../forms/schema.ts'
import { defaultText } from '../forms/words.ts'
import type { Found } from './findings.tsx'

type Mark = { readonly offset: number; readonly line: number; readonly text: string }

/** The document as text: what the schema says of the place, and what is wrong beside its line. */
export function JsonEditor({
  schema,
  document,
  text,
  found,
  readOnly,
  type,
}: {
  readonly schema: Schema
  readonly document: unknown
  readonly text: string
  readonly found: readonly Found[]
  readonly readOnly: boolean
  readonly type: (text: string) => void
}) {
  const [cursor, setCursor] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const lines = useRef<HTMLDivElement>(null)
  const marks = marksOf(text, found)
  const first = marks[0]

  useEffect(() => {
    if (first === undefined || field.current === null || found.length === 0) return
    goTo(field.current, first)
  }, [found])

  return (
    <>
      <div class="editor">
        <div class="gutter" aria-hidden="true">
          <div ref={lines}>
            <pre>{numbers(text)}</pre>
            {marks.map(({ line, text: said }) => (
              <span
                key={`${line} ${said}`}
                class="mark"
                style={{ top: `${(line - 1) * lineHeight}rem` }}
              >
                {said}
              </span>
            ))}
          </div>
        </div>
        <textarea
          ref={field}
          aria-label="The document"
          aria-describedby="json-help"
          wrap="off"
          spellcheck={false}
          readOnly={readOnly}
          value={text}
          onInput={event => {
            type(event.currentTarget.value)
            setCursor(event.currentTarget.selectionStart)
          }}
          onSelect={event => setCursor(event.currentTarget.selectionStart)}
          onScroll={event => {
            const { scrollTop } = event.currentTarget
            lines.current?.style.setProperty('transform', `translateY(${-scrollTop}px)`)
          }}
        />
      </div>
      {marks.length > 0 && (
        <ul class="refused marks" aria-label="Findings by line">
          {marks.map(mark => (
            <li key={`${mark.line} ${mark.text}`}>
              <button type="button" onClick={() => field.current && goTo(field.current, mark)}>
                Line {mark.line}
              </button>{' '}
              {mark.text}
            </li>
          ))}
        </ul>
      )}
      <Help schema={schema} document={document} text={text} cursor={cursor} />
    </>
  )
}

/** In rem, as in the style. */
const lineHeight = 1.3125

const numbers = (text: string): string =>
  Array.from({ length: text.split('\n').length }, (_, index) => index + 1).join('\n')

function marksOf(text: string, found: readonly Found[]): readonly Mark[] {
  const at = (offset: number, said: string): Mark => ({
    offset,
    line: lineOf(text, offset),
    text: said,
  })
  const mistake = text === '' ? null : walkJson(text, { visit: () => {} })
  if (mistake !== null) return [at(mistake, 'Here it is not JSON any more')]
  return found.map(({ path, beside }) => at(offsetOf(text, parsePath(path)), beside))
}

function goTo(field: HTMLTextAreaElement, { offset, line }: Mark): void {
  field.focus()
  field.setSelectionRange(offset, offset)
  const height = Number.parseFloat(getComputedStyle(field).lineHeight)
  field.scrollTop = Math.max(0, (line - 8) * height)
}

function Help({
  schema,
  document,
  text,
  cursor,
}: {
  readonly schema: Schema
  readonly document: unknown
  readonly text: string
  readonly cursor: number
}) {
  const path = pathAt(text, cursor)
  const node = nodeAt(schema, document, path)
  const usual = node === undefined ? null : defaultText(node)
  return (
    <section class="panel place" id="json-help" aria-label="What stands at the cursor">
      <p>
        <code>{path.length === 0 ? 'the document' : pathText(path)}</code>
      </p>
      {node === undefined ? (
        <p class="quiet">There is no such key.</p>
      ) : (
        <>
          {node.description !== undefined && (
            <p>
              <Text text={node.description} />
            </p>
          )}
          <p class="quiet">
            {node.expected !== undefined && `Expected: ${node.expected}. `}
            {usual !== null && `Default: ${usual}. `}
            {node.properties !== undefined && `Keys: ${Object.keys(node.properties).join(', ')}.`}
          </p>
        </>
      )}
    </section>
  )
}
