import { type Path, tableOf, valueAt } from './path.ts'
import { type Described, resolved, type Schema } from './schema.ts'
import { label } from './words.ts'

/** A page of the document. */
export type Section = {
  readonly part: 'cluster' | 'node'
  /** `general`: the single values of the part. */
  readonly key: string
  readonly label: string
  readonly node: Described
  /** Its entries have pages of their own. */
  readonly isTable: boolean
}

/** Users and tokens are changed on the page of the system, where nobody sees a hash. */
const elsewhere = ['users', 'tokens']

/** What is changed most comes first; what is new in the schema comes by itself, at the end. */
const orders = {
  cluster: ['services', 'checks', 'routers', 'syncGroups', 'trackers'],
  node: ['general', 'network', 'time', 'firewall', 'routers', 'checks', 'director'],
} as const

export function sectionsOf(schema: Schema): readonly Section[] {
  const cluster = resolved(schema, (schema.properties?.cluster ?? {}) as Described)
  const ofCluster = Object.keys(cluster.properties ?? {})
  return (['cluster', 'node'] as const).flatMap(part => {
    const { properties = {} } = resolved(schema, (schema.properties?.[part] ?? {}) as Described)
    const all = Object.entries(properties)
      .filter(([key]) => !elsewhere.includes(key))
      .map(([key, node]) => ({ key, node: resolved(schema, node as Described) }))
    const single = all.filter(({ node }) => node.type !== 'object')
    const sections = all
      .filter(({ node }) => node.type === 'object')
      .map(({ key, node }): Section => {
        const isTable = node.properties === undefined
        const here = part === 'node' && ofCluster.includes(key) ? ' here' : ''
        return { part, key, label: `${label(key)}${here}`, node, isTable }
      })
    if (single.length > 0) {
      const properties = Object.fromEntries(single.map(({ key, node }) => [key, node]))
      const node = { type: 'object', title: 'General', properties }
      sections.push({ part, key: 'general', label: 'General', node, isTable: false })
    }
    const order: readonly string[] = orders[part]
    const rank = ({ key }: Section): number => order.indexOf(key)
    const known = sections
      .filter(({ key }) => order.includes(key))
      .toSorted((a, b) => rank(a) - rank(b))
    return [...known, ...sections.filter(({ key }) => !order.includes(key))]
  })
}

export const pathOf = ({ part, key }: Section): readonly string[] => [part, key]

export const countOf = (document: unknown, section: Section): number =>
  Object.keys(tableOf(valueAt(document, pathOf(section)))).length

/** Of the page on which that place is, the words of its address; null: the JSON alone has it. */
export function pageOf(schema: Schema, path: Path): readonly string[] | null {
  const [part, key, entry] = path
  const section = sectionsOf(schema).find(each => each.part === part && each.key === key)
  if (section?.isTable) {
    return [...pathOf(section), ...(typeof entry === 'string' ? [entry] : [])]
  }
  if (section !== undefined) return pathOf(section)
  const isSingle = (part === 'cluster' || part === 'node') && !elsewhere.includes(String(key))
  return isSingle && typeof key === 'string' ? [part, 'general'] : null
}
