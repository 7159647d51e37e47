import { type Described, description } from './description.ts'

/** JSON Schema for editors; keepalived's keywords stand in the descriptions, which they show. */
export const editorSchema = (): string =>
  `${written({ title: 'Diarch configuration', ...plain(description()) }, '', 0)}\n`

type Json = { readonly [key: string]: unknown }

const tables = ['properties', '$defs']
const nodes = ['items', 'additionalProperties', 'propertyNames']
const lists = ['anyOf', 'oneOf', 'prefixItems']

/** Without our own words (meta.ts). */
function plain({ expected, keepalived, otherwise, ...node }: Described): Json {
  const { description: meaning } = node
  const also = keepalived === undefined ? '' : ` (keepalived: ${keepalived.join(', ')})`
  const entries = Object.entries(node).map(([key, value]) => [key, inside(key, value)])
  return {
    ...Object.fromEntries(entries),
    ...(meaning === undefined ? {} : { description: `${meaning}${also}` }),
  }
}

function inside(key: string, value: unknown): unknown {
  if (lists.includes(key)) return (value as readonly Described[]).map(plain)
  if (typeof value !== 'object' || value === null) return value
  if (nodes.includes(key)) return plain(value as Described)
  if (!tables.includes(key)) return value
  const table = Object.entries(value as Readonly<Record<string, Described>>)
  return Object.fromEntries(table.map(([name, node]) => [name, plain(node)]))
}

const longestLine = 100

/** As the formatter of this tree has it: a short list of plain values is one line. */
function written(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const deeper = `${indent}  `
  const list = Array.isArray(value)
  const line = `[${list ? value.map(each => JSON.stringify(each)).join(', ') : ''}]`
  const scalars = list && value.every(each => typeof each !== 'object')
  // The comma that may follow counts too.
  if (scalars && indent.length + before + line.length < longestLine) return line
  const entries = list
    ? value.map(each => `${deeper}${written(each, deeper, 0)}`)
    : Object.entries(value).map(([key, each]) => {
        const start = `${JSON.stringify(key)}: `
        return `${deeper}${start}${written(each, deeper, start.length)}`
      })
  const [open, close] = list ? '[]' : '{}'
  if (entries.length === 0) return `${open}${close}`
  return `${open}\n${entries.join(',\n')}\n${indent}${close}`
}
