import { entryOf } from '../entry.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Path } from '../path.ts'
import type { Check, Document } from '../schema.ts'
import { asksFromHere, checkNames, wholeCheck } from '../whole-check.ts'

/** What a check says about itself. */
export const questionProblems = (document: Document): readonly Problem[] => [
  ...Object.entries(document.cluster.checks).flatMap(([name, check]) => [
    ...kindProblems(['cluster', 'checks', name], check),
    ...tlsProblems(['cluster', 'checks', name], check),
  ]),
  ...nodeCheckProblems(document),
]

function kindProblems(path: Path, check: Check): readonly Problem[] {
  switch (check.kind) {
    case 'mysql':
    case 'postgresql': {
      const { login, query } = check
      if (query === null || login !== null) return []
      return [contradiction([...path, 'query'], 'a login with it: nobody else may ask')]
    }
    case 'http':
      return httpProblems(path, check)
    default:
      return []
  }
}

type Http = Extract<Check, { readonly kind: 'http' }>

function httpProblems(path: Path, check: Http): readonly Problem[] {
  const found: Problem[] = []
  if (check.requests !== undefined) {
    const { path: page, digest, matches, matchesNot, json } = check
    const given = { path: page === '/' ? null : page, digest, matches, matchesNot, json }
    for (const [key, value] of Object.entries(given)) {
      if (value === null) continue
      const expected = `no ${key} beside requests: each of them has its own`
      found.push(contradiction([...path, key], expected))
    }
  }
  if (check.body !== null && /^(GET|HEAD)$/.test(check.method)) {
    found.push(contradiction([...path, 'body'], `no body: ${check.method} has none`))
  }
  return found
}

function tlsProblems(path: Path, check: Check): readonly Problem[] {
  const [key, tls] =
    check.kind === 'smtp'
      ? ['startTls', check.startTls]
      : ['tls', 'tls' in check ? check.tls : false]
  if (typeof tls === 'boolean' || tls.verify) return []
  const at = [...path, key]
  const expected = '"verify": true with it: else nobody looks'
  const found: Problem[] = []
  if (tls.ca !== null) found.push(contradiction([...at, 'ca'], expected))
  if (tls.name !== undefined) found.push(contradiction([...at, 'name'], expected))
  return found
}

function nodeCheckProblems(document: Document): readonly Problem[] {
  return Object.keys(document.node.checks).flatMap((name): readonly Problem[] => {
    const at: Path = ['node', 'checks', name]
    const check = entryOf(document.cluster.checks, name) ?? wholeCheck(document, name)
    if (check === undefined) {
      const hint = () => nameHint(name, checkNames(document))
      return [contradiction(at, 'a check of cluster.checks', hint)]
    }
    if (asksFromHere(check)) return []
    return [contradiction(at, `a check that asks somebody: a ${check.kind} does not`)]
  })
}
