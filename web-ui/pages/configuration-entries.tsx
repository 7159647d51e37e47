import { useState } from 'preact/hooks'
import { beginning } from '../forms/first.ts'
import { useForm } from '../forms/form.ts'
import { Text } from '../forms/frame.tsx'
import { freeName, isTable, pathText, type Table, tableOf, valueAt } from '../forms/path.ts'
import { namesOf } from '../forms/references.ts'
import { type Described, titled } from '../forms/schema.ts'
import { pathOf, type Section } from '../forms/sections.ts'
import { oneOf, valueText } from '../forms/words.ts'
import { linkTo } from '../route.ts'
import { Table as Rows } from '../table.tsx'

const shownAtOnce = 100

/** All entries of a table of the document, and how one more is made. */
export function Entries({
  section,
  add,
}: {
  readonly section: Section
  readonly add: (name: string, entry: unknown) => void
}) {
  const { document, readOnly } = useForm()
  const [wanted, setWanted] = useState('')
  const path = pathOf(section)
  const table = tableOf(valueAt(document, path))
  const entries = Object.entries(table)
  const found = entries.filter(([name, entry]) =>
    `${name} ${JSON.stringify(entry)}`.toLowerCase().includes(wanted.toLowerCase()),
  )
  return (
    <>
      <h2>{section.label}</h2>
      <p class="quiet">
        <Text text={section.node.description ?? ''} />
      </p>
      {!readOnly && <Add section={section} table={table} add={add} />}
      {entries.length > 10 && (
        <label class="filter">
          Find
          <input
            type="search"
            value={wanted}
            onInput={event => setWanted(event.currentTarget.value)}
          />
        </label>
      )}
      <Rows
        headings={['Name', 'What it is']}
        rows={found.slice(0, shownAtOnce).map(([name, entry]) => ({
          key: name,
          cells: [
            <a key="name" href={linkTo('configuration', ...path, name)}>
              {name}
            </a>,
            summaryOf(entry),
          ],
        }))}
        none={entries.length === 0 ? 'There are none yet.' : 'None is like that.'}
      />
      {found.length > shownAtOnce && (
        <p class="quiet">
          The first {shownAtOnce} of {found.length}: say above what you look for.
        </p>
      )}
    </>
  )
}

/** With a name that is free; where names are those of something else, with one of theirs. */
function Add({
  section,
  table,
  add,
}: {
  readonly section: Section
  readonly table: Table
  readonly add: (name: string, entry: unknown) => void
}) {
  const { schema, document, ports } = useForm()
  const { stem, entry } = beginning(section.part === 'cluster' ? section.key : '')
  const refersTo = section.node.propertyNames?.refersTo
  const [name, setName] = useState('')
  const each = (section.node.additionalProperties || {}) as Described
  const one = oneOf(section.label, titled(schema, each)).toLowerCase()
  const names =
    refersTo === undefined
      ? null
      : namesOf(schema, document, refersTo, ports).filter(each => !Object.hasOwn(table, each))
  const free = names?.[0] ?? freeName(table, stem)
  const chosen = name === '' ? free : name.trim()
  const isTaken = Object.hasOwn(table, chosen)
  if (names?.length === 0) return null
  return (
    <form
      class="row"
      onSubmit={event => {
        event.preventDefault()
        if (!isTaken) add(chosen, entry)
      }}
    >
      <div class="stacked">
        <label for="new-name">Name of a new {one}</label>
        {names === null ? (
          <input
            id="new-name"
            value={name}
            placeholder={free}
            autocomplete="off"
            spellcheck={false}
            onInput={event => setName(event.currentTarget.value)}
          />
        ) : (
          <select
            id="new-name"
            value={chosen}
            onChange={event => setName(event.currentTarget.value)}
          >
            {names.map(each => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
      </div>
      <button type="submit" class="primary" disabled={isTaken}>
        Add {one}
      </button>
      {isTaken && (
        <p class="refused" role="alert">
          There is {pathText(pathOf(section))} “{chosen}” already.
        </p>
      )}
    </form>
  )
}

/** The first few of its values in a line. */
function summaryOf(entry: unknown): string {
  if (!isTable(entry)) return valueText(entry)
  return Object.entries(entry)
    .slice(0, 5)
    .map(([key, value]) => {
      if (isTable(value)) return `${key}: ${Object.keys(value).join(', ') || 'none'}`
      if (Array.isArray(value)) return `${key}: ${value.map(short).join(', ') || 'none'}`
      return `${key}: ${valueText(value)}`
    })
    .join(' · ')
}

const short = (value: unknown): string =>
  isTable(value)
    ? Object.values(value)
        .filter(each => typeof each !== 'object')
        .join(':')
    : valueText(value)
