import { isTable } from './path.ts'
import { alternatives, type Described, kindOf, resolved, type Schema } from './schema.ts'
import { type Shorthand, shorthandOf } from './shorthand.ts'
import { titleOf, valueText } from './words.ts'

/** How a part of the schema is edited. */
export type Shape =
  | { readonly kind: 'text'; readonly node: Described; readonly numeric: boolean }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  | { readonly kind: 'object'; readonly node: Described; readonly short: Shorthand | null }
  | { readonly kind: 'list'; readonly node: Described }
  | { readonly kind: 'table'; readonly node: Described }
  | { readonly kind: 'union'; readonly options: readonly Option[] }

/** One of several kinds of value. */
export type Option = {
  readonly label: string
  /** Null: there is nothing to edit in it. */
  readonly node: Described | null
  readonly value: unknown
  readonly short: Shorthand | null
}

export function shapeOf(schema: Schema, node: Described): Shape {
  const own = resolved(schema, node)
  const all = alternatives(schema, own)
  const [only] = all
  if (all.length === 1 && only !== undefined) return shapeOfOne({ ...own, ...only })
  const rest = all.filter(each => each.type !== 'null')
  const isNullable = rest.length < all.length
  if (all.every(isFixed)) return { kind: 'choice', values: all.flatMap(fixedValues) }
  const free = rest.filter(each => !isFixed(each))
  const text = free.find(each => each.type === 'string')
  if (free.every(isLeaf) && !(isNullable && own.default !== null && own.default !== undefined)) {
    const numeric = free.some(each => each.type !== 'string')
    const [first = own] = free
    const expected = free.length === 1 && rest.length === 1 ? first.expected : own.expected
    const about = expected === undefined ? {} : { expected }
    return { kind: 'text', node: { ...(text ?? first), ...about }, numeric }
  }
  const [object] = rest.filter(each => each.type === 'object')
  const short = shorthandOf(object?.title)
  if (object !== undefined && short !== null) {
    if (!isNullable) return { kind: 'object', node: object, short }
    return { kind: 'union', options: [optionOf(null), optionOfNode(object, short)] }
  }
  return {
    kind: 'union',
    options: all.flatMap(each =>
      isFixed(each) ? fixedValues(each).map(optionOf) : [optionOfNode(each, null)],
    ),
  }
}

function shapeOfOne(node: Described): Shape {
  if (isFixed(node)) return { kind: 'choice', values: fixedValues(node) }
  if (node.type === 'array') return { kind: 'list', node }
  if (node.type !== 'object') return { kind: 'text', node, numeric: node.type !== 'string' }
  return node.properties === undefined
    ? { kind: 'table', node }
    : { kind: 'object', node, short: null }
}

const isFixed = (node: Described): boolean =>
  node.type === 'boolean' || node.type === 'null' || node.enum !== undefined || 'const' in node

const isLeaf = ({ type }: Described): boolean => type !== 'object' && type !== 'array'

function fixedValues(node: Described): readonly unknown[] {
  if (node.enum !== undefined) return node.enum
  if ('const' in node) return [node.const]
  return node.type === 'boolean' ? [true, false] : [null]
}

const optionOf = (value: unknown): Option => ({
  label: valueText(value),
  node: null,
  value,
  short: null,
})

function optionOfNode(node: Described, short: Shorthand | null): Option {
  if (node.type === 'object') {
    const kind = kindOf(node)
    const value = kind === undefined ? {} : { kind }
    const detail = kind === undefined && short === null ? ', in detail' : ''
    return { label: `${titleOf(node)}${detail}`, node, value, short }
  }
  return { label: node.expected ?? 'text', node, value: node.type === 'array' ? [] : '', short }
}

/** Which option a value is; undefined: none. */
export const optionFor = (options: readonly Option[], value: unknown): Option | undefined =>
  options.find(({ node, value: fixed, short }) => {
    if (node === null) return fixed === value
    if (node.type !== 'object') return typeof value === 'string' || typeof value === 'number'
    if (short !== null && typeof value === 'string') return true
    const kind = kindOf(node)
    return isTable(value) && (kind === undefined || kind === value.kind)
  })

/** Of another kind, with what both kinds have in common. */
export function carriedOver({ node, value }: Option, before: unknown): unknown {
  if (node?.properties === undefined || !isTable(before)) return value
  const { properties } = node
  const common = Object.entries(before).filter(
    ([key]) => Object.hasOwn(properties, key) && key !== 'kind',
  )
  return { ...(value as object), ...Object.fromEntries(common) }
}

/** Whether a form of this shape can show the value. */
export function fits(shape: Shape, value: unknown): boolean {
  if (value === undefined) return true
  switch (shape.kind) {
    case 'list':
      return Array.isArray(value)
    case 'object':
      return isTable(value) || (shape.short !== null && typeof value === 'string')
    case 'table':
      return isTable(value)
    case 'union':
      return optionFor(shape.options, value) !== undefined
    case 'choice':
    case 'text':
      return typeof value !== 'object' || value === null
  }
}
