import * as z from 'zod'
import { type Described, description } from './description.ts'
import { formattedJson } from './formatted-json.ts'

/** JSON Schema for editors; keepalived's keywords stand in the descriptions, which they show. */
export const editorSchema = (): string =>
  formattedJson({ title: 'Diarch configuration', ...plain(description()) })

/** The same of another file. */
export const editorSchemaOf = (title: string, schema: z.ZodType): string =>
  formattedJson({ title, ...plain(z.toJSONSchema(schema, { io: 'input' }) as Described) })

type Json = { readonly [key: string]: unknown }

const tables = ['properties', '$defs']
const nodes = ['items', 'additionalProperties', 'propertyNames']
const lists = ['anyOf', 'oneOf', 'prefixItems']

/** Without our own words (meta.ts). */
function plain({ expected, keepalived, otherwise, refersTo, ...node }: Described): Json {
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
