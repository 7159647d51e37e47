/**
 * What a box that joins calls the interfaces of the virtual routers: its ports may have other names
 * than those of the first box.
 */

type Table = Readonly<Record<string, unknown>>

export type JoinerNode =
  | { readonly kind: 'node'; readonly node: unknown }
  | { readonly kind: 'refused'; readonly whys: readonly string[] }

/** What somebody has said about them: by router, and of all others. */
export type JoinerPorts = {
  readonly named: Readonly<Record<string, string>>
  readonly all: string | null
}

/** `node`: its half of the document, as it is written. `ports`: the names of what it has. */
export function joinerNode(
  cluster: Table,
  node: unknown,
  ports: readonly string[],
  { named, all }: JoinerPorts = { named: {}, all: null },
): JoinerNode {
  const own = tableOf(node)
  const routers = tableOf(own.routers)
  const only = onlyOne(Object.keys(tableOf(tableOf(own.network).interfaces))) ?? onlyOne(ports)
  const [mapped, whys]: [[string, string][], string[]] = [[], []]
  for (const [name, router] of Object.entries(tableOf(cluster.routers))) {
    const there = tableOf(routers[name]).interface ?? tableOf(router).interface
    const said = named[name] ?? all
    const here = said ?? there
    if (typeof here !== 'string') continue
    if (ports.includes(here)) {
      if (here !== there) mapped.push([name, here])
    } else if (only !== null && said === null) mapped.push([name, only])
    else whys.push(noSuchPort(name, here, ports))
  }
  if (whys.length > 0) return { kind: 'refused', whys }
  if (mapped.length === 0) return { kind: 'node', node }
  const added = mapped.map(([name, port]) => [name, { ...tableOf(routers[name]), interface: port }])
  return { kind: 'node', node: { ...own, routers: { ...routers, ...Object.fromEntries(added) } } }
}

function noSuchPort(router: string, port: string, ports: readonly string[]): string {
  const have = ports.length === 0 ? 'no ports at all' : ports.join(', ')
  return (
    `${router} is on ${port}, and this box has ${have}: join again and say which, with ` +
    `"diarch pair join ... --interface ${router}=PORT"`
  )
}

const onlyOne = (names: readonly string[]): string | null =>
  names.length === 1 ? (names[0] ?? null) : null

const tableOf = (value: unknown): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}
