import { Field } from '../forms/field.tsx'
import { idOf, useForm } from '../forms/form.ts'
import { Sheet, Wrong } from '../forms/frame.tsx'
import { ObjectFields } from '../forms/object-field.tsx'
import {
  freeName,
  pathText,
  renamed,
  tableOf,
  valueAt,
  withEntry,
  withValueAt,
} from '../forms/path.ts'
import { followed } from '../forms/references.ts'
import { alternatives, type Described } from '../forms/schema.ts'
import { pathOf, type Section } from '../forms/sections.ts'
import { linkTo } from '../route.ts'

type Props = {
  readonly section: Section
  readonly name: string
  readonly edit: (document: unknown) => void
}

/** One service, one router, one check: its form. */
export function Entry({ section, name, edit }: Props) {
  const { schema, document, readOnly, findings } = useForm()
  const table = tableOf(valueAt(document, pathOf(section)))
  const path = [...pathOf(section), name]
  const back = linkTo('configuration', ...pathOf(section))
  const crumbs = (
    <p>
      <a href={back}>{section.label}</a>
    </p>
  )
  if (!Object.hasOwn(table, name)) {
    return (
      <>
        {crumbs}
        <h2>There is no “{name}”</h2>
      </>
    )
  }
  const value = table[name]
  const node = (section.node.additionalProperties || {}) as Described
  const set = (next: unknown): void => edit(withValueAt(document, path, next))
  const setTable = (next: unknown): void => edit(withValueAt(document, pathOf(section), next))
  const go = (to: string): void => {
    location.hash = linkTo('configuration', ...pathOf(section), to)
  }
  const rename = (field: HTMLInputElement): void => {
    const to = field.value.trim()
    if (to === '' || Object.hasOwn(table, to)) {
      field.value = name
      return
    }
    const own = withValueAt(document, pathOf(section), renamed(table, name, to))
    edit(section.part === 'cluster' ? followed(schema, own, section.key, name, to) : own)
    go(to)
  }
  const kinds = alternatives(schema, node)
  const [only] = kinds
  // Else the choice of the kind is what stands at this path.
  const isOfOneKind = kinds.length === 1
  return (
    <Sheet>
      {crumbs}
      <h2 {...(isOfOneKind ? { id: idOf(path), tabIndex: -1 } : {})}>{name}</h2>
      <Wrong id="entry-wrong" found={findings.get(pathText(path)) ?? []} />
      {!readOnly && (
        <p class="buttons">
          <label>
            Name
            <input
              key={name}
              class="name"
              defaultValue={name}
              autocomplete="off"
              spellcheck={false}
              onChange={event => rename(event.currentTarget)}
            />
          </label>
          <button
            type="button"
            onClick={() => {
              const copy = freeName(table, `${name}-`)
              setTable({ ...table, [copy]: value })
              go(copy)
            }}
          >
            Copy it
          </button>
          <button
            type="button"
            onClick={() => {
              setTable(withEntry(table, name, undefined))
              location.hash = back
            }}
          >
            Remove it
          </button>
        </p>
      )}
      {isOfOneKind && only !== undefined ? (
        <ObjectFields
          path={path}
          object={only}
          short={null}
          value={value}
          onChange={next => set(next ?? {})}
        />
      ) : (
        <Field
          node={{ ...node, description: 'What kind it is.' }}
          path={path}
          name="Kind"
          value={value}
          required
          onChange={next => set(next ?? {})}
        />
      )}
    </Sheet>
  )
}
