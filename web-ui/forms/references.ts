import { tableOf, valueAt } from './path.ts'
import { mapped, type Schema } from './schema.ts'

/** They are there by themselves. */
const builtInChecks = ['tcp', 'ping']

/** The names that a reference may have, in this document and on this box. */
export function namesOf(
  schema: Schema,
  document: unknown,
  refersTo: string,
  ports: readonly string[],
): readonly string[] {
  if (refersTo !== 'interfaces') {
    const own = Object.keys(tableOf(valueAt(document, ['cluster', refersTo])))
    return [...new Set([...own, ...(refersTo === 'checks' ? builtInChecks : [])])]
  }
  const found = new Set(ports)
  mapped(schema, document, (name, node) => {
    if (node.refersTo === refersTo && name !== '') found.add(name)
    return name
  })
  return [...found].sort()
}

/** An entry of `cluster` has another name: whoever refers to it follows. */
export const followed = (
  schema: Schema,
  document: unknown,
  refersTo: string,
  from: string,
  to: string,
): unknown =>
  mapped(schema, document, (name, node) =>
    node.refersTo === refersTo && name === from ? to : name,
  )
