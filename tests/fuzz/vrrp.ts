/**
 * Packets by the million against the codec: `npm run fuzz:vrrp -- --packets N --seed S`. The seed
 * is printed; a failure names the packet, and `--seed S --only N` makes it alone again.
 */

import { ladder } from '../../appliance/vrrp/rejection.ts'
import { commandLine, number, numberOrNone } from '../lab/command-line.ts'
import { hex, verdict } from '../unit/vrrp-codec-words.ts'
import { checks } from './vrrp-checks.ts'
import { type Trial, trial } from './vrrp-trials.ts'

/** With fewer, chance may leave a rung out. */
const enoughForAllRungs = 1_000_000

/** Reached by the second try of an accepted one (vrrp-checks.ts), so it is counted nowhere. */
const notCounted = 'hmac-replayed'

const wish = commandLine({
  name: 'fuzz:vrrp',
  about:
    'Broken VRRP adverts against the code that reads them: none may be believed, none may end it.',
  options: {
    packets: number(0, 1_000_000, 'how many'),
    seed: numberOrNone(0, 'which (one that is printed)'),
    only: numberOrNone(0, 'with --seed: this packet alone'),
  },
})
const { packets, only } = wish
const seed = wish.seed ?? Math.floor(Math.random() * 0x1_0000_0000)

/** What became of one packet. Ends the program when something does not hold. */
function attempt(index: number): ReturnType<typeof verdict> {
  let made: Trial | null = null
  try {
    made = trial(seed, index)
    for (const check of checks) check(made)
    return verdict(made.decoded)
  } catch (error) {
    console.error(error)
    if (made !== null) console.error(`to ${made.router}: ${hex(made.bytes)}`)
    console.error(
      `packet ${index}; again with: npm run fuzz:vrrp -- --seed ${seed} --only ${index}`,
    )
    process.exit(1)
  }
}

console.log(`seed ${seed}, ${only === null ? `${packets} packets` : `packet ${only}`}`)
if (only !== null) {
  console.log(attempt(only))
  process.exit()
}

const began = performance.now()
const count = new Map<string, number>(
  ['accepted', ...Object.keys(ladder)].filter(name => name !== notCounted).map(name => [name, 0]),
)
for (let index = 0; index < packets; index++) {
  const result = attempt(index)
  count.set(result, (count.get(result) ?? 0) + 1)
}
for (const [name, times] of count) console.log(`${String(times).padStart(9)} ${name}`)
console.log(`none threw, in ${((performance.now() - began) / 1000).toFixed(1)} s`)

const missed = [...count].filter(([, times]) => times === 0).map(([name]) => name)
if (packets >= enoughForAllRungs && missed.length > 0) {
  console.error(`never reached, so not tried: ${missed.join(', ')}`)
  process.exit(1)
}
