import { useState } from 'preact/hooks'
import { Field } from './field.tsx'
import { type FieldProps, idOf, useForm } from './form.ts'
import { Group } from './frame.tsx'
import { emptyOf } from './list-field.tsx'
import { freeName, renamed, tableOf, withEntry } from './path.ts'
import { namesOf } from './references.ts'
import { type Described, titled } from './schema.ts'
import { label, oneOf } from './words.ts'

const shownAtOnce = 50

/** Entries with names, inside of a form: the servers of a service, the interfaces of a box. */
export function TableField(props: FieldProps) {
  const { node, value, onChange, name, path, required } = props
  const { schema, document, ports, readOnly } = useForm()
  const [round, setRound] = useState(0)
  const [all, setAll] = useState(false)
  const table = tableOf(value)
  const entries = Object.entries(table)
  const each = (node.additionalProperties || {}) as Described
  const one = oneOf(name, titled(schema, each)).toLowerCase()
  const refersTo = node.propertyNames?.refersTo
  const names = refersTo === undefined ? [] : namesOf(schema, document, refersTo, ports)

  const set = (next: Readonly<Record<string, unknown>>): void =>
    onChange(Object.keys(next).length === 0 && !required ? undefined : next)
  const rename = (from: string, to: string): void => {
    if (to !== '' && to !== from && !Object.hasOwn(table, to)) set(renamed(table, from, to))
    else setRound(round + 1)
  }
  const remove = (key: string): void => {
    setRound(round + 1)
    set(withEntry(table, key, undefined))
  }
  const add = (): void => {
    const unused = names.find(each => !Object.hasOwn(table, each))
    const next = unused ?? freeName(table, one.replaceAll(/\W/g, '').slice(0, 12))
    set({ ...table, [next]: emptyOf(schema, each) })
  }
  return (
    <Group {...props}>
      <ol class="rows">
        {entries.slice(0, all ? entries.length : shownAtOnce).map(([key, item], index) => (
          <li key={`${round} ${index}`}>
            <div class="field compact">
              <label for={`${idOf([...path, key])}:name`}>Name</label>
              <input
                id={`${idOf([...path, key])}:name`}
                class="name"
                value={key}
                readOnly={readOnly}
                autocomplete="off"
                spellcheck={false}
                onChange={event => rename(key, event.currentTarget.value.trim())}
              />
            </div>
            <Field
              node={each}
              path={[...path, key]}
              name={`${label(one)} ${key}`}
              value={item}
              required
              compact
              onChange={next => set({ ...table, [key]: next ?? '' })}
            />
            {!readOnly && (
              <button type="button" onClick={() => remove(key)}>
                Remove<span class="hidden"> {key}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      <p class="buttons">
        {!readOnly && (
          <button type="button" onClick={add}>
            Add {one}
          </button>
        )}
        {!all && entries.length > shownAtOnce && (
          <button type="button" onClick={() => setAll(true)}>
            Show all {entries.length}
          </button>
        )}
      </p>
    </Group>
  )
}
