import { type Duration, milliseconds } from '../values/duration.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import type { MacAddress } from '../values/mac-address.ts'
import { readClaim, whoHas } from './arp-frames.ts'
import { advertisements, arpFrom } from './frame-filter.ts'
import { etherType, FrameListener } from './frame-listener.ts'
import { KernelError } from './kernel-error.ts'

export type Segment = {
  readonly name: string
  readonly index: number
  readonly mac: MacAddress
}

export type QuestionOptions = {
  /** Of this box on that segment; null: asks as a host without an address. */
  readonly sender: IpAddress | null
  /** All answers within this time. */
  readonly wait: Duration
  /** `first`: comes back with the first answer. */
  readonly until: 'first' | 'end'
}

export const usualWait = milliseconds(300)

/** A lost question is no answer, so it is asked twice. */
const askings = 2

/**
 * The MACs that say to have the address, in the order of their answers; this box is not asked.
 * Empty after an abort too. Throws KernelError where the interface cannot be used.
 */
export async function whoAnswersFor(
  address: IpAddress,
  segment: Segment,
  { sender, wait, until }: QuestionOptions,
  signal: AbortSignal,
): Promise<readonly MacAddress[]> {
  if (signal.aborted) return []
  const found = new Set<MacAddress>()
  const inet = familyOf(address) === 'inet'
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const listener = FrameListener.open(
    {
      interfaceIndex: segment.index,
      etherType: inet ? etherType.arp : etherType.inet6,
      filter: inet ? arpFrom([address]) : advertisements(),
    },
    frame => {
      const claim = readClaim(frame)
      if (claim === null || claim.address !== address || claim.mac === segment.mac) return
      found.add(claim.mac)
      if (until === 'first') resolve()
    },
  )
  const question = whoHas(address, segment.mac, sender)
  const again = setInterval(() => listener.send(question), wait / askings)
  const end = setTimeout(resolve, wait)
  const onAbort = () => resolve()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const outcome = listener.send(question)
    if (outcome !== 'sent') throw notSent(outcome, segment, address)
    await done
    return signal.aborted ? [] : [...found]
  } finally {
    clearInterval(again)
    clearTimeout(end)
    signal.removeEventListener('abort', onAbort)
    listener.close()
  }
}

const notSent = (code: string, { name }: Segment, address: IpAddress): KernelError =>
  new KernelError({
    op: 'asking who has',
    target: `${address} on ${name}`,
    code,
    reason: code,
    advice: 'The interface is down or gone: look at it with "ip link".',
  })
