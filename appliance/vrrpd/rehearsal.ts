import { announcement } from '../linux/neighbour-announcement.ts'
import { instant, milliseconds } from '../values/duration.ts'
import { ipAddress } from '../values/ip-address.ts'
import type { MacAddress } from '../values/mac-address.ts'
import { unixTime } from '../values/unix-time.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import { Ensemble } from '../vrrp/ensemble.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import { AdvertSender } from './advert-sender.ts'

const times = 40
const mac = '00:00:5e:00:01:01' as MacAddress
const nobody = { inet: ipAddress('192.0.2.1'), inet6: ipAddress('fe80::1') }
const nowhere = { inet: ipAddress('224.0.0.18'), inet6: ipAddress('ff02::12') }

/**
 * Takeovers that nobody sees. A backup may run for months before its first real one, which would
 * be the first time that this code runs, and a millisecond slower for it.
 */
export function rehearse(configs: readonly RouterConfig[], hmac: HmacSha256): void {
  for (const family of ['inet', 'inet6'] as const) {
    const config = configs.find(each => each.family === family)
    if (config === undefined) continue
    for (let time = 0; time < times; time++)
      takeOver({ ...config, startDelay: milliseconds(0) }, hmac)
  }
}

function takeOver(config: RouterConfig, hmac: HmacSha256): void {
  const ensemble = new Ensemble()
  const { family, interface: on, addresses } = config
  const seen = { down: null, inet: nobody.inet, inet6: nobody.inet6 }
  const interfaces = new Map([[on, seen]])
  ensemble.feed({ input: 'InterfacesSeen', interfaces, now: instant(1) })
  ensemble.feed({ input: 'Configured', routers: [config], now: instant(1) })
  const now = ensemble.wakeAt()
  if (now === null) return
  const sender = new AdvertSender(config, hmac)
  for (const effect of ensemble.feed({ input: 'TimerDue', now })) {
    if (effect.effect === 'SendAdvert') {
      sender.bytes(effect.priority, nobody[family], nowhere[family], unixTime(0))
    }
    if (effect.effect === 'Announce') {
      for (const { prefix } of addresses) announcement(mac, prefix.address, { router: true })
    }
  }
}
