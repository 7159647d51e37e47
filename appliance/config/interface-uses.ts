import { alternatives, type Described, description } from './description.ts'
import { type Path, pathText } from './path.ts'

/** Where a document names an interface of the box: `node.network.interfaces.port1`, ... */
export function interfaceUses(document: unknown, name: string): readonly string[] {
  const found = new Set<string>()
  look(description(), document, [], (path, used) => {
    if (used === name) found.add(pathText(path))
  })
  return [...found]
}

type Tell = (path: Path, name: string) => void

function look(schema: Described, value: unknown, path: Path, tell: Tell): void {
  for (const node of alternatives(schema)) {
    if (typeof value === 'string' && node.refersTo === 'interfaces') tell(path, value)
    if (typeof value !== 'object' || value === null) continue
    for (const [step, below] of Object.entries(value)) {
      if (Array.isArray(value)) {
        if (node.items) look(node.items, below, [...path, Number(step)], tell)
        continue
      }
      const child = node.properties?.[step] ?? (node.additionalProperties || undefined)
      if (child === undefined) continue
      const at = [...path, step]
      if (node.properties?.[step] === undefined && node.propertyNames?.refersTo === 'interfaces') {
        tell(at, step)
      }
      look(child, below, at, tell)
    }
  }
}
