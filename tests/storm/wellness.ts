import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../../appliance/status/document.ts'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { type Duration, minutes } from '../../appliance/values/duration.ts'
import { password } from '../image/pair-figures.ts'
import { answers } from '../lab/namespaces/web-server.ts'
import type { StormBox, StormPair } from './boxes.ts'

/** A box that QEMU emulates on a busy machine boots for minutes. */
const longest: Duration = minutes(5)

/** Waits until nobody has to do anything: how long that took. Throws with what is left to do. */
export async function untilWell(pair: StormPair): Promise<Duration> {
  const begun = performance.now()
  for (;;) {
    const ill = await illness(pair).catch((error: Error) => error.message)
    if (ill === null) return (performance.now() - begun) as Duration
    if (performance.now() - begun > longest) {
      const screens = pair.boxes.map(({ screen }) => screen).join('\n---\n')
      throw new Error(`after ${longest / 60_000} minutes somebody is needed: ${ill}\n${screens}`)
    }
    await sleep(500)
  }
}

/** What is not as it should be; null: all is well. */
async function illness({ boxes, client }: StormPair): Promise<string | null> {
  const statuses = await Promise.all(boxes.map(statusOf))
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

async function statusOf({ remote }: StormBox): Promise<Status> {
  const answer = await remote.ask('GET', 'status')
  if (answer.status === 200) return answer.body as Status
  // Sessions end with the supervisor.
  await remote.logIn(password)
  return (await remote.must('GET', 'status')) as Status
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
