import * as z from 'zod'
import { entryOf } from './entry.ts'
import type { Path } from './path.ts'
import { documentSchema } from './schema.ts'

/** The schema as JSON Schema, with our own words (meta.ts) in it: hints and pages read it. */
export type Described = {
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Described>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Described | false
  readonly propertyNames?: Described
  readonly items?: Described
  readonly anyOf?: readonly Described[]
  readonly oneOf?: readonly Described[]
  readonly const?: unknown
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Described>>
  readonly default?: unknown
  readonly expected?: string
  readonly keepalived?: readonly string[]
  readonly otherwise?: string
  readonly refersTo?: string
}

let made: Described | undefined

/** Made once, and not before somebody asks: a good document needs none. */
export function description(): Described {
  made ??= z.toJSONSchema(documentSchema, { io: 'input' }) as Described
  return made
}

/** What a value may be: the alternatives behind references and unions. */
export function alternatives(node: Described): readonly Described[] {
  const { $ref, anyOf, oneOf } = node
  if ($ref !== undefined) {
    const definition = description().$defs?.[$ref.replace('#/$defs/', '')]
    return definition === undefined ? [] : alternatives(definition)
  }
  const several = anyOf ?? oneOf
  return several === undefined ? [node] : several.flatMap(alternatives)
}

/** The objects that may stand at a path; where `kind` tells them apart, the one that it says. */
export function objectsAt(path: Path, whole: unknown): readonly Described[] {
  let nodes = alternatives(description())
  let value = whole
  for (const step of path) {
    nodes = nodes.flatMap(node => {
      const next = typeof step === 'number' ? node.items : childOf(node, step)
      return next === undefined ? [] : alternatives(next)
    })
    value = (value as Record<string | number, unknown> | undefined)?.[step]
    nodes = nodes.filter(node => isOfKind(node, value))
  }
  return nodes
}

const childOf = (node: Described, step: string): Described | undefined =>
  entryOf(node.properties ?? {}, step) ?? (node.additionalProperties || undefined)

function isOfKind({ properties }: Described, value: unknown): boolean {
  const wanted = properties?.kind?.const
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind
  return wanted === undefined || wanted === kind
}
