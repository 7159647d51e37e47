import type { ArpQuestion, Target } from '../health/question.ts'
import { whoAnswersFor } from '../linux/arp-question.ts'
import { type Way, wayTo } from '../linux/segments.ts'
import { minutes } from '../values/duration.ts'
import { familyOf, isLinkLocal } from '../values/ip-address.ts'
import { type Ask, failed, findingOf, ProbeFailure, passed } from './asking.ts'
import { interfacesNow } from './interfaces-now.ts'
import { stopwatch } from './stopwatch.ts'

/** Until the signal: one question for each try, as with ping. `fall` says how many may be lost. */
const once = minutes(120)

/**
 * Asks a cable who has an address: ARP, or neighbour discovery (RFC 4861 7.2.2). The kernel's table
 * of neighbours is neither asked nor changed, so an old entry is no answer; and it is on the cable
 * itself, past routes, marks and firewalls of both ends.
 */
export const askArp: Ask<ArpQuestion> = async (_question, target, signal) => {
  const time = stopwatch()
  const { address } = target
  try {
    const { segment, source } = wayOf(target)
    const options = { sender: target.source ?? source, wait: once, until: 'first' } as const
    const [mac] = await whoAnswersFor(address, segment, options, signal)
    if (mac !== undefined)
      return passed(`${mac} on ${segment.name} has it, and said so in ${time()}`)
    const protocol = familyOf(address) === 'inet' ? 'ARP' : 'neighbour discovery'
    return failed('timeout', `${address} does not answer ${protocol} on ${segment.name}`)
  } catch (error) {
    return findingOf(error)
  }
}

function wayOf({ address, source, interface: name }: Target): Way {
  if (source !== null && familyOf(source) !== familyOf(address)) {
    throw new ProbeFailure('cannot-ask', `${source} and ${address} are of different families`)
  }
  if (name === null && isLinkLocal(address)) {
    const why = `${address} may be on any cable: the check needs an interface`
    throw new ProbeFailure('cannot-ask', why)
  }
  const way = wayTo(address, address, interfacesNow(), name)
  if (way !== null) return way
  const why =
    name === null
      ? `no interface that is up has ${address} in its network: name the interface in the check`
      : `${name} is down, or no Ethernet`
  throw new ProbeFailure('unreachable', why)
}
