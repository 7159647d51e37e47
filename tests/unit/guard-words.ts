import { createHmac } from 'node:crypto'
import type { Disbelieved } from '../../appliance/guard/claim-watch.ts'
import { Guard } from '../../appliance/guard/guard.ts'
import type { GuardConfig } from '../../appliance/guard/guard-config.ts'
import type { Heartbeat, SaidRouter } from '../../appliance/guard/heartbeat.ts'
import { markOf } from '../../appliance/guard/heartbeat.ts'
import type { GuardNews } from '../../appliance/guard/split-watch.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { HmacSha256 } from '../../appliance/vrrp/advert.ts'
import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { router } from './vrrp-ensemble-words.ts'

export const hmac: HmacSha256 = (secret, message) =>
  createHmac('sha256', secret).update(message).digest()

export const secret = Uint8Array.from({ length: 32 }, (_, index) => index)

export const guardConfig: GuardConfig = {
  policy: 'availability-first',
  witnesses: [],
  witnessesNeeded: 1,
  witnessTime: milliseconds(0),
  leases: [],
  interval: milliseconds(100),
  missed: 3,
  advertTime: milliseconds(400),
  corroborate: true,
  secret,
  fencing: { policy: 'off', waitAtMost: milliseconds(0) },
  paths: ['beside', 'serial'].map(name => ({
    name,
    interface: name,
    source: null,
    peer: ipAddress('198.51.100.2'),
    port: 9694,
    direct: name === 'beside',
  })),
}

export const said: SaidRouter = {
  mark: markOf('web', 51),
  state: 'master',
  priority: 150,
  owns: true,
  age: milliseconds(5000),
  address: ipAddress('192.0.2.20'),
}

export const heartbeat: Heartbeat = {
  boot: 0xa0a1a2a3a4a5,
  sequence: 7,
  accepted: 0xb0b1b2b3b4b5,
  candidate: 0,
  interval: milliseconds(100),
  missed: 3,
  hears: true,
  routers: [said],
}

/** A box with one router, `web`, that is backup, and what its guard has told. */
export const guarded = (change: Partial<GuardConfig> = {}, at = 0) => {
  const ensemble = new Ensemble()
  const news: GuardNews[] = []
  const disbelieved: Disbelieved[] = []
  const site = {
    hmac,
    boot: 0xb0b1b2b3b4b5,
    name: 'lb1',
    members: () => ensemble.members(),
    lacking: () => new Map<string, string>(),
    onNews: (each: GuardNews) => news.push(each),
    onDisbelieved: (each: Disbelieved) => disbelieved.push(each),
  }
  const eth0 = { down: null, inet: ipAddress('192.0.2.10'), inet6: null }
  const now = instant(at)
  ensemble.feed({ input: 'InterfacesSeen', interfaces: new Map([['eth0', eth0]]), now })
  ensemble.feed({ input: 'Configured', routers: [router()], now })
  const guard = new Guard(site, { ...guardConfig, ...change }, now)
  return { guard, ensemble, news, disbelieved }
}
