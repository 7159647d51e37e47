/** What the wizard of a pair is like and how fast the pair is: for tests and benchmarks. */

import { type Duration, seconds } from '../../appliance/values/duration.ts'
import type { Host } from '../lab/namespaces/host.ts'
import type { Lab } from '../lab/namespaces/lab.ts'
import type { Switch } from '../lab/namespaces/switch.ts'
import { WebServer } from '../lab/namespaces/web-server.ts'
import type { RemoteBox } from './remote-box.ts'

/** Two boxes at once, on a machine that has much else to do. */
export const within: Duration = seconds(300)

export const password = 'hunter2hunter2'

/** A network with a client and two real servers for direct routing of 192.0.2.100. */
export async function shopLan(lab: Lab): Promise<{ readonly lan: Switch; readonly client: Host }> {
  const lan = await lab.switch('lan')
  const client = await lab.host('client')
  await client.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  for (const n of [21, 22]) {
    const host = await lab.host(`web${n}`)
    await host.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_ignore=1'])
    await host.must('sysctl', ['-q', 'net.ipv4.conf.all.arp_announce=2'])
    await host.must('ip', ['address', 'add', '192.0.2.100/32', 'dev', 'lo'])
    await new WebServer(host).start()
  }
  return { lan, client }
}

/** Where somebody sits: a serial line, or screen and keyboard. */
export type Seat = {
  untilScreen(pattern: RegExp, within: Duration): Promise<RegExpExecArray>
  type(text: string): void | Promise<void>
}

export type Conversation = readonly (readonly [question: RegExp, answer: string])[]

/** Answers one question after the other at the console. */
export async function converse(seat: Seat, conversation: Conversation): Promise<void> {
  for (const [question, answer] of conversation) {
    await seat.untilScreen(question, within)
    await seat.type(`${answer}\r`)
  }
}

/** On a box with one port; the first question has been asked. */
export const firstAnswers: Conversation = [
  [/What is this box to be\?/, '1'],
  [/Which address has this box itself\?/, '192.0.2.11/24'],
  [/Which router leads out of this network\?/, ''],
  [/What is this box called\?/, 'lb1'],
  [/Which time zone\?/, ''],
  [/Which time servers/, ''],
  [/Choose the password/, password],
  [/The same password once more/, password],
  [/Which virtual address/, '192.0.2.100/24'],
  [/Which VRRP id/, '51'],
  [/Which TCP port/, '80'],
  [/How do packets get to the real servers\?/, '1'],
  [/Which real servers\?/, '192.0.2.21 192.0.2.22'],
]

/** Types the code, the last answer of the second box: milliseconds until it is one of the pair. */
export async function timeToJoin(seat: Seat, code: string): Promise<number> {
  await seat.untilScreen(/Which code does the first box show\?/, within)
  const begin = performance.now()
  await seat.type(`${code}\r`)
  const { input: screen } = await seat.untilScreen(/^ Enter goes on/m, within)
  // Who emulates a processor may miss adverts for a moment.
  if (!/in a pair with lb1[\s\S]*In sync[\s\S]*VI_1 is (BACKUP|MASTER)/.test(screen)) {
    throw new Error(`it did not join:\n${screen}`)
  }
  return performance.now() - begin
}

/** Changes a weight on one box: milliseconds until it was told so and the other one has it too. */
export async function timeToChange(at: RemoteBox, other: RemoteBox, weight: number) {
  const path = '/cluster/services/web/servers/server1'
  const value = { address: '192.0.2.21', port: 80, weight }
  const { revision } = await at.must('GET', 'configuration')
  const patch = [{ op: 'replace', path, value }]
  const begin = performance.now()
  const change = { patch, parent: revision.number, reason: `weight ${weight}` }
  await at.must('POST', 'configuration/changes', change)
  const told = performance.now() - begin
  await other.until('configuration', shown => weightIn(shown) === weight)
  return { told, both: performance.now() - begin }
}

// biome-ignore lint/suspicious/noExplicitAny: as the API shows it.
export const weightIn = ({ document }: any): unknown =>
  document.cluster.services.web.servers.server1.weight
