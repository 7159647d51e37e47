import type { Described as DescribedByBox } from '../../appliance/config/description.ts'
import { isTable, type Path, type Table } from './path.ts'

/** A part of the schema, with what JSON Schema says besides. */
export type Described = DescribedByBox & {
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly prefixItems?: readonly Described[]
  readonly propertyNames?: Described
}

export type Schema = Described

let loading: Promise<Schema> | null = null

/** Loaded when a form is wanted first, and kept as long as the page is open. */
export function loadSchema(): Promise<Schema> {
  loading ??= fetch('/configuration-schema.json').then(response => {
    if (!response.ok) throw new Error(`The box has no schema for forms (${response.status})`)
    return response.json() as Promise<Schema>
  })
  loading.catch(() => {
    loading = null
  })
  return loading
}

/** What the reference points to; what is said beside a reference goes before. */
export function resolved(schema: Schema, node: Described): Described {
  if (node.$ref === undefined) return node
  const definition = schema.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {}
  const { $ref: _, ...beside } = node
  return resolved(schema, { ...definition, ...beside } as Described)
}

/** The kinds of value that may stand there, without unions. */
export function alternatives(schema: Schema, node: Described): readonly Described[] {
  const own = resolved(schema, node)
  const several = own.anyOf ?? own.oneOf
  if (several === undefined) return [own]
  return several.flatMap(each => alternatives(schema, each as Described))
}

/** Of a union, the object in it says what it is. */
export function titled(schema: Schema, node: Described): Described {
  const all = alternatives(schema, node)
  return all.length === 1 ? resolved(schema, node) : (all.find(each => each.title) ?? node)
}

/** The key of a union of objects, and which of them this is. */
export const kindOf = ({ properties }: Described): unknown => properties?.kind?.const

/** Which of the alternatives a value is. */
export function alternativeOf(
  schema: Schema,
  node: Described,
  value: unknown,
): Described | undefined {
  return alternatives(schema, node).find(each => {
    if (isTable(value)) {
      if (each.type !== 'object') return false
      const kind = kindOf(each)
      return kind === undefined || kind === value.kind
    }
    if (Array.isArray(value)) return each.type === 'array'
    if (value === null) return each.type === 'null' || each.const === null
    return each.type !== 'object' && each.type !== 'array' && each.type !== 'null'
  })
}

export function childOf(node: Described, step: string | number): Described | undefined {
  if (typeof step === 'number') {
    return node.prefixItems?.[step] ?? (node.items as Described | undefined)
  }
  const own = Object.hasOwn(node.properties ?? {}, step) ? node.properties?.[step] : undefined
  return (own ?? (node.additionalProperties || undefined)) as Described | undefined
}

/** What the schema says of a place of the document; its own words go before its definition's. */
export function nodeAt(schema: Schema, document: unknown, path: Path): Described | undefined {
  let node: Described | undefined = schema
  let value = document
  for (const step of path) {
    const inside: Described | undefined = node && alternativeOf(schema, node, value)
    node = inside && childOf(inside, step)
    value = (value as Record<string | number, unknown> | null | undefined)?.[step]
  }
  return node && resolved(schema, node)
}

type Visit = (value: string, node: Described, path: Path) => unknown

/** The same document, with what `visit` makes of each text and each name of a table in it. */
export function mapped(schema: Schema, document: unknown, visit: Visit): unknown {
  const each = (node: Described, value: unknown, path: Path): unknown => {
    const inside = alternativeOf(schema, node, value)
    if (inside === undefined) return value
    if (typeof value === 'string') return visit(value, inside, path)
    if (Array.isArray(value)) {
      return value.map((item, index) => {
        const child = childOf(inside, index)
        return child === undefined ? item : each(child, item, [...path, index])
      })
    }
    if (!isTable(value)) return value
    const entries = Object.entries(value).map(([key, item]) => {
      const child = childOf(inside, key)
      const names = Object.hasOwn(inside.properties ?? {}, key) ? undefined : inside.propertyNames
      const name = names === undefined ? key : visit(key, names, path)
      return [name, child === undefined ? item : each(child, item, [...path, key])]
    })
    return Object.fromEntries(entries) as Table
  }
  return each(schema, document, [])
}
