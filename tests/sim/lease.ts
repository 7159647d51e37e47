/**
 * One lease in virtual time: two boxes that want it now and then, a witness, and a network that
 * loses, delays, repeats and plays back what it has heard. Clocks run at their own speed, and each
 * of the three starts anew from time to time. The same seed is the same run.
 */

import { LeaseBook } from '../../appliance/guard/lease-book.ts'
import { LeaseClaim } from '../../appliance/guard/lease-claim.ts'
import type { LeaseMessage } from '../../appliance/guard/lease-message.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { Random } from './random.ts'
import { Timeline } from './timeline.ts'

type Clock = { readonly offset: number; readonly speed: number }
type Box = {
  readonly clock: Clock
  claim: LeaseClaim
  wants: boolean
  stillUntil: number
  cutUntil: number
}

const troubleEndsAt = 60_000
const endsAt = 75_000

export type LeaseRun = {
  readonly violation: string | null
  readonly granted: number
  readonly refused: number
}

export function simulateLease(seed: number): LeaseRun {
  const random = new Random(seed)
  const timeline = new Timeline()
  const clock = (): Clock => ({
    offset: random.between(0, 1e6),
    speed: random.between(0.99, 1.01),
  })
  const at = ({ offset, speed }: Clock) => instant(offset + timeline.now * speed)
  const boot = () => random.integer(1, 2 ** 48 - 1)
  const time = milliseconds(random.pick([200, 500, 2000, 5000]))
  const config = {
    name: 'third',
    address: ipAddress('192.0.2.9'),
    port: 9695,
    secret: new Uint8Array(32),
    time,
  }
  const start = (of: Clock, name: string) => new LeaseClaim(config, boot(), name, at(of))
  const boxes = [clock(), clock()].map((own, index): Box => {
    return {
      clock: own,
      claim: start(own, `lb${index + 1}`),
      wants: true,
      stillUntil: 0,
      cutUntil: 0,
    }
  })
  const witnessClock = clock()
  let book = new LeaseBook(boot(), at(witnessClock))
  const heard: (() => void)[] = []
  let [granted, refused] = [0, 0]
  let violation: string | null = null
  const inTrouble = () => timeline.now < troubleEndsAt
  const loss = random.between(0, 0.6)
  const slowest = random.scaled(1, 3000)

  const look = (): void => {
    const holders = boxes.filter(({ claim, clock: own }) => claim.isHeld(at(own)))
    if (holders.length > 1) violation ??= `at ${timeline.now.toFixed(3)} ms both have the lease`
  }
  const carry = (box: Box, arrives: () => void): void => {
    heard.push(arrives)
    if (inTrouble() && (timeline.now < box.cutUntil || random.chance(loss))) return
    const copies = inTrouble() && random.chance(0.2) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      timeline.after(inTrouble() ? random.scaled(0.05, slowest) : 1, arrives)
    }
  }
  const answers = (box: Box, answer: LeaseMessage): void => {
    carry(box, () => {
      const hear = (): void => {
        if (timeline.now < box.stillUntil) timeline.at(box.stillUntil, hear)
        else box.claim.hear(answer, at(box.clock))
        look()
      }
      hear()
    })
  }
  const ask = (box: Box): void => {
    const own = at(box.clock)
    const question = timeline.now < box.stillUntil ? null : box.claim.ask(box.wants, own)
    if (question !== null) {
      carry(box, () => {
        const answer = book.answer(question, at(witnessClock))
        if (answer?.kind === 'yours') granted += 1
        if (answer?.kind === 'taken') refused += 1
        if (answer !== null) answers(box, answer)
      })
    }
    look()
    timeline.after(random.between(1, 30), () => ask(box))
  }
  const disturb = (): void => {
    if (!inTrouble()) return
    const box = random.pick(boxes)!
    const what = random.integer(1, 60)
    if (what === 1) book = new LeaseBook(boot(), at(witnessClock))
    // What it had is gone with it: its addresses too.
    else if (what <= 3) box.claim = start(box.clock, 'anew')
    else if (what <= 15) box.stillUntil = timeline.now + random.scaled(10, 3000)
    // What is under way arrives all the same.
    else if (what <= 27) box.cutUntil = timeline.now + random.scaled(10, 6000)
    else if (what <= 40) box.wants = !box.wants
    // Somebody plays back what was said at any time.
    else for (let times = random.integer(1, 20); times > 0; times--) random.pick(heard)?.()
    look()
    timeline.after(random.scaled(20, 2000), disturb)
  }
  for (const box of boxes) ask(box)
  timeline.after(random.between(0, 4000), disturb)
  timeline.at(troubleEndsAt, () => {
    boxes[0]!.wants = true
    boxes[1]!.wants = false
  })
  timeline.runUntil(endsAt)
  // A witness that has started last thing gives nothing for five seconds; ten are plenty.
  if (!boxes[0]!.claim.isHeld(at(boxes[0]!.clock))) violation ??= 'all is mended, and nobody has it'
  return { violation, granted, refused }
}
