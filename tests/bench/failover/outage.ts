import { setTimeout as sleep } from 'node:timers/promises'
import { type Duration, milliseconds, seconds } from '../../../appliance/values/duration.ts'
import type { Advert } from '../../lab/namespaces/advert.ts'
import { type Capture, capture, type Seen } from '../../lab/namespaces/capture.ts'
import type { Prober } from '../../lab/namespaces/prober.ts'
import type { Mishap } from './mishap.ts'
import { endOf, type Missed, missed } from './missed.ts'
import { type Pair, resolution, sources, virtualAddress } from './pair.ts'
import type { Struck } from './strike.ts'

/** How far the moment may be from the wanted one: this share of the interval, or a millisecond. */
const phaseError = { share: 0.05, least: milliseconds(1) }

/** After the change of masters: what is still to come of it, comes within this time. */
const aftermath = 300

/** One mishap, `share` of an interval after an advert, and what the client has missed by it. */
export async function outageBy(
  mishap: Mishap,
  pair: Pair,
  prober: Prober,
  { interval, share }: { readonly interval: Duration; readonly share: number },
): Promise<Missed> {
  const phase = milliseconds(interval * share)
  // Both products are watched on the wire: to ask one of them would cost it time.
  const heard = await capture(pair.client, 'eth0', 'ip proto 112')
  try {
    const struck = await mishap.happen(pair, phase)
    const leader = sources[mishap.overWhenLeads]
    await heard.untilAdvert(by => isAfter(struck, by) && by.source === leader, seconds(60))
    await sleep(aftermath)
    // An outage is told when it is over.
    if (!(await pair.client.pings(virtualAddress))) {
      throw new Error(`${pair.product}: there is a master, and ${virtualAddress} does not answer`)
    }
    await sleep(50)
    const off = Math.abs(struck.phase - phase)
    if (off > Math.max(phaseError.least, interval * phaseError.share)) {
      return { kind: 'spoilt', why: `the blow fell ${off.toFixed(1)} ms beside its moment` }
    }
    return missed({
      gaps: prober.gaps().filter(gap => endOf(gap) > struck.at),
      held: prober.held().filter(hold => endOf(hold) > struck.at),
      changes: changesOf(heard, struck),
      resolution,
    })
  } finally {
    await heard.stop()
  }
}

const isAfter = (struck: Struck, { time, priority }: Seen<Advert>): boolean =>
  time > struck.at && priority > 0

/** When another box than before was first heard to be the master. */
function changesOf(heard: Capture, struck: Struck): readonly number[] {
  const adverts = heard.adverts().filter(advert => isAfter(struck, advert))
  return adverts
    .filter(({ source }, index) => source !== (adverts[index - 1]?.source ?? sources.first))
    .map(({ time }) => time)
}
