import { familyOf } from '../../values/ip-address.ts'
import { endpointsThrough, fromOf, portAsked } from '../check-targets.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import { type Path, valueAt } from '../path.ts'
import type { Check, Document } from '../schema.ts'
import { asksFromHere, checkNames, portOf, wholeCheck } from '../whole-check.ts'
import type { CheckUse, WholeServer, WholeService } from '../whole-service.ts'
import { familyName } from './transport.ts'

/** The lists of checks that services and servers have. */
export function checkUseProblems(document: Document, whole: WholeService): readonly Problem[] {
  const { endpoints, servers, uses } = whole
  // Most servers have the list of their service.
  const lists = new Set([...(uses === null ? [] : [uses]), ...servers.map(each => each.uses)])
  const good = new Map<readonly CheckUse[], readonly Asked[]>()
  const found = [...lists].flatMap(list => {
    const problems = listProblems(document, list)
    if (problems.length === 0) good.set(list, asked(document, list))
    return problems
  })
  for (const server of servers) {
    for (const { check, use } of good.get(server.uses) ?? []) {
      found.push(...useProblems(check, use, server, endpoints))
    }
  }
  return found
}

type Asked = { readonly check: Check; readonly use: CheckUse }

const asked = (document: Document, uses: readonly CheckUse[]): readonly Asked[] =>
  uses.flatMap(use => {
    const check = wholeCheck(document, use.use.check)
    return check === undefined ? [] : [{ check, use }]
  })

/** What a list says whoever has it. */
function listProblems(document: Document, uses: readonly CheckUse[]): readonly Problem[] {
  const seen = new Set<string>()
  return uses.flatMap(({ path, use }): readonly Problem[] => {
    const { check: name, weight, port, address, throughServer = false } = use
    const check = wholeCheck(document, name)
    if (check === undefined) {
      const named = typeof valueAt(document, path) === 'string' ? path : [...path, 'check']
      return [
        contradiction(named, 'one of cluster.checks', () => nameHint(name, checkNames(document))),
      ]
    }
    const key = [name, port, address, throughServer].join(' ')
    if (seen.has(key)) return [contradiction(path, 'each check once')]
    seen.add(key)
    if (weight === 0) {
      const expected = 'not 0, which changes nothing'
      const hint = 'null: a failure takes the server out'
      return [contradiction([...path, 'weight'], expected, hint)]
    }
    return throughServer ? throughProblems(path, check, use) : needlessProblems(path, check, use)
  })
}

function throughProblems(path: Path, check: Check, use: CheckUse['use']): readonly Problem[] {
  const at = [...path, 'throughServer']
  const plain = check.kind === 'tcp' && check.tls === false
  if (!plain || check.send !== null || check.expect !== null) {
    const expected = 'a check of kind "tcp" without tls, send and expect'
    return [contradiction(at, expected, 'through a server only a connection can be tried')]
  }
  if (use.address === undefined) return []
  return [contradiction([...path, 'address'], "no address: it asks the service's own")]
}

/** What a check of this kind has no use for. */
function needlessProblems(path: Path, check: Check, use: CheckUse['use']): readonly Problem[] {
  const needless: string[] = []
  if (use.port !== undefined && portOf(check) === 'none') needless.push('port')
  if (use.mark !== undefined && check.kind === 'arp') needless.push('mark')
  if (!asksFromHere(check)) {
    for (const key of ['source', 'interface', 'mark'] as const) {
      if (use[key] !== undefined) needless.push(key)
    }
  }
  return needless.map(key => contradiction([...path, key], `no ${key}: a ${check.kind} has none`))
}

/** What depends on the server that is asked. */
function useProblems(
  check: Check,
  { path, use }: CheckUse,
  server: WholeServer,
  endpoints: WholeService['endpoints'],
): readonly Problem[] {
  if (use.throughServer === true) {
    const at = [...path, 'throughServer']
    if (server.forwarding.method !== 'direct') {
      const expected = `false: ${server.name} is not reached by "direct"`
      return [contradiction(at, expected)]
    }
    if (endpointsThrough(server, endpoints, use.port).length > 0) return []
    return [contradiction(at, 'false: the service has no TCP endpoint with a port')]
  }
  if (portOf(check) === 'needed' && portAsked(check, use, server) === null) {
    const expected = `a port for the check ${use.check}`
    const hint = 'give it to the server, or to the check where it is used'
    return [contradiction(server.path, expected, hint)]
  }
  const { source } = fromOf(check, use)
  const family = familyOf(use.address ?? server.at.address)
  if (source === null || familyOf(source) === family) return []
  const expected = `a source of ${familyName(family)} for ${server.name}, not ${source}`
  return [contradiction(path, expected)]
}
