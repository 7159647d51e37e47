/** The reference page, made from the schema. */

import { type Described, description } from './description.ts'

export function referencePage(): string {
  const lines = [
    '# The configuration document',
    '',
    'Made from the schema (`appliance/config`) by `node tests/unit/config/write-reference.ts`.',
    'Unknown keys are refused. Times are a number and a unit: `10ms`, `1.5s`, `2m`, `1h`.',
    '`configuration.schema.json` beside this page is for editors: name it with `"$schema"`.',
    '',
  ]
  for (const [title, found] of objects()) lines.push(...section(title, found))
  return lines.join('\n')
}

type Found = { readonly path: string; readonly node: Described }

/** In the order in which one meets them when reading from the top of a document. */
function objects(): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>()
  const visit = (node: Described, path: string): void => {
    const { $ref, items, anyOf, oneOf, properties, additionalProperties, title } = node
    if ($ref !== undefined) visit(definition($ref), path)
    for (const each of anyOf ?? oneOf ?? []) visit(each, path)
    if (items) visit(items, `${path}[]`)
    if (additionalProperties) visit(additionalProperties, `${path}.NAME`)
    if (properties === undefined) return
    if (title === undefined) throw new TypeError('an object of the schema has no title')
    if (found.has(title)) return
    found.set(title, { path, node })
    for (const [key, each] of Object.entries(properties)) {
      visit(each, path === '' ? key : `${path}.${key}`)
    }
  }
  visit(description(), '')
  return found
}

function definition(ref: string): Described {
  const found = description().$defs?.[ref.replace('#/$defs/', '')]
  if (found === undefined) throw new TypeError(`the schema has no ${ref}`)
  return found
}

const section = (title: string, { path, node }: Found): readonly string[] => [
  `## ${title}`,
  '',
  ...(path === '' ? [] : [code(path), '']),
  ...table(node),
  '',
]

const table = ({ properties = {}, required = [] }: Described): readonly string[] => [
  '| key | value | default | keepalived | meaning |',
  '|---|---|---|---|---|',
  ...Object.entries(properties).map(([key, node]) => {
    const usual = required.includes(key) ? 'required' : usually(node)
    const theirs = (node.keepalived ?? []).map(code).join(', ')
    const cells = [code(key), kindOf(node), usual, theirs, node.description ?? '']
    return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  }),
]

const code = (text: string): string => `\`${text}\``

function usually(node: Described): string {
  if (node.otherwise !== undefined) return node.otherwise
  if (node.default === undefined) return 'none'
  const text = JSON.stringify(node.default)
  return text === '{}' && node.additionalProperties === undefined ? 'its defaults' : code(text)
}

function kindOf(node: Described): string {
  const { $ref, anyOf, oneOf, items, additionalProperties, expected } = node
  if ($ref !== undefined) return link(definition($ref))
  const several = anyOf ?? oneOf
  if (several !== undefined) return several.map(kindOf).join(' or ')
  if (expected !== undefined) return expected
  if (items) return `a list of: ${kindOf(items)}`
  if (additionalProperties) return `by name: ${kindOf(additionalProperties)}`
  return node.const === undefined ? (node.type ?? 'null') : code(JSON.stringify(node.const))
}

const link = ({ title = '' }: Described): string =>
  `[${title}](#${title.toLowerCase().replaceAll(' ', '-').replaceAll(':', '')})`
