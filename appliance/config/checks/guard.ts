import { familyOf } from '../../values/ip-address.ts'
import { contradiction, type Problem } from '../finding.ts'
import { nameHint } from '../near.ts'
import type { Path } from '../path.ts'
import type { Document } from '../schema.ts'

export const guardProblems = (document: Document): readonly Problem[] => [
  ...witnessProblems(document),
  ...pathProblems(document),
  ...serialProblems(document),
]

function witnessProblems({ cluster }: Document): readonly Problem[] {
  const { policy, witnesses, witnessesNeeded, leases } = cluster.guard
  const at: Path = ['cluster', 'guard']
  const names = Object.keys(cluster.trackers)
  const unknown = witnesses.flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          contradiction([...at, 'witnesses', index], 'one of cluster.trackers', () =>
            nameHint(name, names),
          ),
        ],
  )
  if (policy === 'one-owner-first' && witnesses.length + Object.keys(leases).length === 0) {
    const expected =
      'a witness or a lease with one-owner-first: else a box that is alone never leads'
    return [contradiction([...at, 'witnesses'], expected)]
  }
  if (witnesses.length > 0 && witnessesNeeded > witnesses.length) {
    const expected = `at most as many as there are witnesses, ${witnesses.length}`
    return [...unknown, contradiction([...at, 'witnessesNeeded'], expected)]
  }
  return unknown
}

function pathProblems({ cluster, node }: Document): readonly Problem[] {
  const paths = Object.entries(node.heartbeats)
  const lines = Object.keys(node.serialHeartbeats)
  if (paths.length + lines.length > 0 && cluster.guard.secret === undefined) {
    const hint = '"openssl rand -hex 32" makes one; write it after "hex:"'
    const key = paths.length > 0 ? 'heartbeats' : 'serialHeartbeats'
    const expected = `a secret with node.${key}, the same on both boxes`
    return [contradiction(['cluster', 'guard', 'secret'], expected, hint)]
  }
  return paths.flatMap(([name, { interface: on, peer, source, port }], index): Problem[] => {
    const at: Path = ['node', 'heartbeats', name]
    const found: Problem[] = []
    const twin = paths.findIndex(([, other]) => {
      return (
        other.interface === on && other.port === port && familyOf(other.peer) === familyOf(peer)
      )
    })
    if (twin < index) {
      found.push(contradiction([...at, 'interface'], 'another interface or port for each path'))
    }
    if (source === peer) found.push(contradiction([...at, 'peer'], 'the address of the other box'))
    if (source !== undefined && familyOf(source) !== familyOf(peer)) {
      found.push(contradiction([...at, 'source'], 'an address of the family of the peer'))
    }
    return found
  })
}

/** GRUB, the kernel and the console's people talk there. */
const login = 'ttyS0'

function serialProblems({ node }: Document): readonly Problem[] {
  const lines = Object.entries(node.serialHeartbeats)
  return lines.flatMap(([name, { device }], index): Problem[] => {
    const at: Path = ['node', 'serialHeartbeats', name]
    const found: Problem[] = []
    if (Object.hasOwn(node.heartbeats, name)) {
      found.push(contradiction(at, 'another name than those in node.heartbeats'))
    }
    if (device === login) {
      const expected = `another port: ${login} is the console, where people log in`
      found.push(contradiction([...at, 'device'], expected, 'ttyS1, or a USB adapter: ttyUSB0'))
    }
    if (lines.findIndex(([, other]) => other.device === device) < index) {
      found.push(contradiction([...at, 'device'], 'another device for each path'))
    }
    return found
  })
}
