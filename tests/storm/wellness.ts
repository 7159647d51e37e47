import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../../appliance/status/document.ts'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { type Duration, minutes } from '../../appliance/values/duration.ts'
import { password } from '../image/pair-figures.ts'
import { answers } from '../lab/namespaces/web-server.ts'
import type { StormBox, StormPair } from './boxes.ts'

/** A box that QEMU emulates on a busy machine boots for minutes. */
const longest: Duration = minutes(5)

/** How long it took, and what was missing meanwhile, for how long each. */
export type Recovery = { readonly after: Duration; readonly missing: string }

/** Waits until nobody has to do anything. Throws with what is left to do. */
export async function untilWell(pair: StormPair): Promise<Recovery> {
  const begun = performance.now()
  const missing = new Map<string, number>()
  for (let since = begun; ; ) {
    const ill = await illness(pair).catch((error: Error) => error.message)
    const now = performance.now()
    if (ill === null) return { after: (now - begun) as Duration, missing: inWords(missing) }
    if (now - begun > longest) {
      const screens = pair.boxes.map(({ screen }) => screen).join('\n---\n')
      throw new Error(`after ${longest / 60_000} minutes somebody is needed: ${ill}\n${screens}`)
    }
    await sleep(1000)
    missing.set(ill, (missing.get(ill) ?? 0) + performance.now() - since)
    since = performance.now()
  }
}

/** What has taken a second at the least. */
const inWords = (missing: ReadonlyMap<string, number>): string =>
  [...missing]
    .filter(([, length]) => length >= 1000)
    .map(([ill, length]) => `${Math.round(length / 1000)} s: ${ill.slice(0, 120)}`)
    .join('; ')

/** What is not as it should be; null: all is well. */
async function illness({ boxes, client }: StormPair): Promise<string | null> {
  for (const [index, { remote }] of boxes.entries()) {
    // A connection to a box that is off would be tried again after ever longer times.
    if (!(await client.pings(remote.address))) return `box ${index + 1} is off, or starts`
  }
  const statuses: Status[] = []
  for (const [index, box] of boxes.entries()) {
    const status = await statusOf(box).catch(inShort)
    if (typeof status === 'string') return `the page of box ${index + 1} says ${status}`
    statuses.push(status)
  }
  for (const [index, { health, pair }] of statuses.entries()) {
    const name = `box ${index + 1}`
    if (health.state !== 'ok') return `${name} is ${health.state}: ${health.why}`
    if (pair.state !== 'in-sync') return `${name} is ${pair.state}: ${pair.why}`
  }
  const roles = statuses.map(({ routers }) => routers[0]?.state)
  if ([...roles].sort().join() !== 'BACKUP,MASTER') return `their roles are ${roles.join()}`
  const counts = await answers(client, 4, 'http://192.0.2.100/')
  const isServed = (counts.web21 ?? 0) > 0 && (counts.web22 ?? 0) > 0 && counts.failed === undefined
  if (!isServed) return `the service answers ${JSON.stringify(counts)}`
  const neighbour = await client.must('ip', ['neigh', 'show', '192.0.2.100'])
  const master = boxes[roles.indexOf('MASTER')]
  return master && neighbour.includes(master.mac)
    ? null
    : `the master is ${master?.mac}, and the client has ${neighbour.trim()}`
}

/** Without what is different each time. */
const inShort = ({ message }: Error): string =>
  /curl: \(\d+\)|"reason":"[^"]+"/.exec(message)?.[0] ?? message

/** The one that leads a pair that is well. */
export async function leaderOf({ boxes }: StormPair): Promise<0 | 1> {
  const statuses = await Promise.all(boxes.map(statusOf))
  return statuses[0]?.routers[0]?.state === 'MASTER' ? 0 : 1
}

export async function statusOf({ remote }: StormBox): Promise<Status> {
  const answer = await remote.ask('GET', 'status')
  if (answer.status === 200) return answer.body as Status
  if (remote.token === null) await remote.logIn(password)
  return (await remote.must('GET', 'status')) as Status
}

/**
 * Sessions end with the supervisor, and to look at a password costs an emulated box seconds in
 * which it should start: from now on the boxes know a token.
 */
export async function takeToken({ boxes }: StormPair): Promise<void> {
  const asked = { token: 'storm', role: 'admin' }
  const { secret } = await boxes[0].remote.must('POST', 'tokens', asked)
  for (const { remote } of boxes) remote.token = secret
}

/** All that both boxes tell, in one list of lines. */
export async function eventsOf({ boxes }: StormPair): Promise<ReadonlySet<string>> {
  const told = await Promise.all(
    boxes.map(async ({ remote }, index) => {
      const { events } = (await remote.must('GET', 'events')) as { readonly events: BoxEvent[] }
      return events.map(
        ({ at, about, event, text }) => `${at} box ${index + 1}: ${about}: ${event}: ${text}`,
      )
    }),
  )
  return new Set(told.flat())
}
