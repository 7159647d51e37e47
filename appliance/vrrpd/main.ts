import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { Journal } from '../linux/journal.ts'
import { libDir } from '../linux/lib-dir.ts'
import { kernelMilliseconds, now } from '../linux/monotonic-clock.ts'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import { readRelease } from '../linux/release.ts'
import { lockProgramText } from '../linux/steady-memory.ts'
import { WallClock } from '../linux/wall-clock.ts'
import type { AddressMove, ToChild } from '../status/messages.ts'
import { routerStatus } from '../vrrp/snapshot.ts'
import { ChangeWatch } from './change-watch.ts'
import { FlightLog } from './flight-log.ts'
import { LeadNote } from './lead-note.ts'
import { openRecorder } from './recorder.ts'
import { withKey, withSecrets } from './secrets.ts'
import { withStrangers } from './stranger-alarms.ts'
import { Vrrpd } from './vrrpd.ts'
import type { Moved } from './vrrpd-site.ts'

/** Changes that come together are told together. */
const gatherMs = 20
/** Counters move all the time: so often they are told without a change. */
const refreshMs = 5000

const channel = parentChannel('vrrpd')
const flight = new FlightLog({
  application: `Diarch ${readRelease(join(libDir, 'release')).version}`,
  send: message => channel.send(message),
})
const journal = new Journal(
  () => tellSoon(),
  (about, event, text) => flight.numberFor(about, event, text),
)
let telling: NodeJS.Timeout | null = null
const moves: AddressMove[] = []
const clock = new WallClock()

const vrrpd = new Vrrpd({
  hmac: (secret, message) => createHmac('sha256', secret).update(message).digest(),
  journal,
  flight,
  lead: new LeadNote(),
  onChange: () => tellSoon(),
  onMoved: moved => moves.push(...movesOf(moved)),
  onStep: openRecorder(process.env.DIARCH_RECORD),
})
const watch = new ChangeWatch()

function tellSoon(): void {
  telling ??= setTimeout(tell, gatherMs)
}

function tell(): void {
  if (telling !== null) clearTimeout(telling)
  telling = null
  vrrpd.countRefused()
  const members = vrrpd.members()
  const at = new Date().toISOString()
  const iso = clock.iso(now())
  channel.send({
    kind: 'routers',
    routers: members.map(member => {
      const { name } = member.config
      const counters = vrrpd.countersOf(name)
      return routerStatus(member, { iso, now: now(), counters, held: vrrpd.held(name) })
    }),
    changes: watch.changes(members, at),
    events: journal.take(),
    moves: moves.splice(0),
    guard: withStrangers(vrrpd.heartbeats.report(iso), vrrpd.heard(), now(), iso),
  })
}

/** Whoever adds up how long nobody had them is to err on the side of too long. */
const movesOf = ({ took, gave, from, to }: Moved): readonly AddressMove[] => [
  ...gave.map(router => ({ router, what: 'gave', at: kernelMilliseconds(from) }) as const),
  ...took.map(router => ({ router, what: 'took', at: kernelMilliseconds(to) }) as const),
]

function obey(message: ToChild): void {
  switch (message.kind) {
    case 'configure-vrrp': {
      const routers = message.routers.map(withSecrets)
      const refused = vrrpd.configure(routers, message.interfaceTrackers, withKey(message.guard))
      channel.send({ kind: 'configured', id: message.id, refused })
      tellSoon()
      break
    }
    case 'verdicts':
      vrrpd.report(new Map(message.verdicts.map(verdict => [verdict.name, verdict])))
      tellSoon()
      break
    case 'maintenance':
      vrrpd.setMaintenance(message.why)
      break
    case 'fenced':
      vrrpd.heartbeats.onFenced(message.wish, message.how)
      break
    case 'next-flight':
      flight.number(message.number)
      break
    case 'failover':
      vrrpd.failover(message.router)
      break
    case 'stop':
      end('the supervisor asked for it')
      break
    default:
      break
  }
}

function end(why: string): void {
  vrrpd.stop(why)
  tell()
  // The channel is written before the process ends, or the parent has gone.
  setImmediate(() => process.exit(0))
}

channel.onMessage(obey)
channel.onClose(() => {
  vrrpd.stop('the supervisor has died')
  process.exit(1)
})
process.on('SIGTERM', () => end('SIGTERM'))
setInterval(tell, refreshMs)
const { refused } = lockProgramText()
if (refused !== null) console.error(`program text is not locked in memory: ${refused}`)
channel.send({ kind: 'ready' })
startHeartbeat(channel, () => vrrpd.overdue())
