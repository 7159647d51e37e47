/** What a check has here, and no checker of keepalived. */

import type { Path } from '../config/path.ts'
import type { Check } from '../config/schema.ts'
import type { Lacks } from './export-finding.ts'

export function lackLines(check: Check, path: Path, lacks: Lacks): readonly string[] {
  const says = (so: boolean, key: string, text: string) => lacks.sayIf(so, [...path, key], text)
  return [
    ...kindLines(check, path, lacks),
    ...says(
      'rise' in check && check.rise !== 1,
      'rise',
      'keepalived has none: one pass makes it up',
    ),
    ...says(check.damping !== null, 'damping', 'keepalived has none: a server may change often'),
    ...says(
      check.kind === 'script' && check.timeout % 1000 !== 0,
      'timeout',
      'keepalived counts whole seconds here: it is rounded up',
    ),
  ]
}

function kindLines(check: Check, path: Path, lacks: Lacks): readonly string[] {
  const says = (so: boolean, key: string, text: string) => lacks.sayIf(so, [...path, key], text)
  const curl = 'let a MISC_CHECK start a program that does'
  switch (check.kind) {
    case 'ping':
      return says(check.size !== 56, 'size', 'keepalived chooses it: nothing to do')
    case 'arp':
      return lacks.sayIf(
        true,
        path,
        'keepalived has none: it sends a ping, which has to be answered',
      )
    case 'tcp':
      return [
        ...says(check.tls !== false, 'tls', `keepalived only connects: ${curl}`),
        ...says(check.send !== null, 'send', `keepalived only connects: ${curl}`),
        ...says(check.expect !== null, 'expect', `keepalived only connects: ${curl}`),
      ]
    case 'smtp':
      return says(check.startTls !== false, 'startTls', `keepalived has none: ${curl}`)
    case 'file':
      return lacks.sayIf(
        true,
        path,
        'keepalived adds the number in the file to the weight of the server, and here it is the ' +
          'weight: write what is to be added',
      )
    case 'radius':
      return lacks.sayIf(true, path, `keepalived has none, and only sends a datagram: ${curl}`)
    case 'mysql':
    case 'postgresql':
    case 'redis':
    case 'ldap':
    case 'grpc':
      return lacks.sayIf(
        true,
        path,
        `keepalived has no check of kind ${check.kind}, and only connects: ${curl}`,
      )
    default:
      return []
  }
}
