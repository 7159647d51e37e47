import { contradiction, type Problem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { Document } from '../schema.ts'

export const fencingProblems = (document: Document): readonly Problem[] => [
  ...policyProblems(document),
  ...deviceProblems(document),
]

/** Whom a device switches has to be beyond doubt: the wrong one is this box. */
function policyProblems({ cluster, node }: Document): readonly Problem[] {
  const { policy, devices } = cluster.fencing
  if (policy === 'off') return []
  const at: Path = ['cluster', 'fencing']
  if (node.hostname === undefined) {
    const expected = 'a host name with fencing: devices say by it which box they switch'
    return [contradiction(['node', 'hostname'], expected)]
  }
  if (Object.keys({ ...node.heartbeats, ...node.serialHeartbeats }).length === 0) {
    const expected = 'a path beside VRRP with fencing: a master hears nothing of its backup there'
    return [contradiction(['node', 'heartbeats'], expected)]
  }
  const own = node.hostname.toLowerCase()
  const boxes = [...new Set(Object.values(devices).map(({ box }) => box.toLowerCase()))]
  if (boxes.length !== 2 || !boxes.includes(own)) {
    const expected = `devices for two boxes, one of them ${node.hostname}, which is this one`
    return [contradiction([...at, 'devices'], expected)]
  }
  const delayOf = (mine: boolean): number => {
    const some = Object.values(devices).filter(({ box }) => (box.toLowerCase() === own) === mine)
    return Math.min(...some.map(({ delay }) => delay))
  }
  if (delayOf(true) === delayOf(false)) {
    const expected = 'another delay for one of the two boxes: else both may be switched off at once'
    const hint = 'write "delay": "5s" with the devices of the box that is to survive'
    return [contradiction([...at, 'devices'], expected, hint)]
  }
  const { waitAtMost } = cluster.fencing
  const longest = Math.max(delayOf(true), delayOf(false))
  if (policy === 'attempt' && waitAtMost <= longest) {
    const expected = `longer than the delay of ${longest / 1000} s: else no device is used at all`
    return [contradiction([...at, 'waitAtMost'], expected)]
  }
  return []
}

function deviceProblems({ cluster }: Document): readonly Problem[] {
  return Object.entries(cluster.fencing.devices).flatMap(([name, device]): Problem[] => {
    if (device.kind !== 'pdu') return []
    const at: Path = ['cluster', 'fencing', 'devices', name]
    const { states, outlets, secret, login, on, off } = device
    const found: Problem[] = []
    if (states !== null && states.length !== outlets.length) {
      found.push(contradiction([...at, 'states'], `one for each outlet, ${outlets.length}`))
    }
    if ((secret === undefined) === (login === undefined)) {
      found.push(contradiction([...at, 'secret'], 'either a community or a login'))
    }
    if (on === off) found.push(contradiction([...at, 'off'], 'another value than that of on'))
    return found
  })
}
