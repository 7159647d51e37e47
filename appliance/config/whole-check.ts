import { check as schema } from './check-schema.ts'
import { entryOf } from './entry.ts'
import type { Check, Document } from './schema.ts'

let usual: Readonly<Record<string, Check>> | undefined

/** There without being written: what a service asks that names no checks. */
const usualChecks = (): Readonly<Record<string, Check>> => {
  usual ??= { tcp: schema.parse({ kind: 'tcp' }), ping: schema.parse({ kind: 'ping' }) }
  return usual
}

/** By name, with the half of this box laid over it; undefined when there is none. */
export function wholeCheck({ cluster, node }: Document, name: string): Check | undefined {
  const check = entryOf(cluster.checks, name) ?? entryOf(usualChecks(), name)
  const own = entryOf(node.checks, name)
  if (check === undefined || own === undefined || !asksFromHere(check)) return check
  const { source = check.source, interface: way = check.interface } = own
  return { ...check, source, interface: way }
}

export const checkNames = ({ cluster }: Document): readonly string[] => [
  ...new Set([...Object.keys(cluster.checks), ...Object.keys(usualChecks())]),
]

/** Programs and files ask nobody. */
export const asksFromHere = (
  check: Check,
): check is Exclude<Check, { readonly kind: 'script' | 'file' }> =>
  check.kind !== 'script' && check.kind !== 'file'

/** A firewall's mark is for what routes decide on. */
export const markOf = (check: Check): number | undefined =>
  'mark' in check ? check.mark : undefined

/** `needed`: it has to be said somewhere. `own`: else the one that the protocol has. */
export function portOf({ kind }: Check): 'needed' | 'own' | 'maybe' | 'none' {
  switch (kind) {
    case 'ping':
    case 'arp':
    case 'file':
    case 'bfd':
      return 'none'
    case 'script':
      return 'maybe'
    case 'tcp':
    case 'udp':
    case 'grpc':
      return 'needed'
    default:
      return 'own'
  }
}
