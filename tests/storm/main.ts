/**
 * `npm run storm -- [--sequences N] [--seed N] [--image FILE]`: a pair from the image in QEMU, with
 * a client that asks all the time, and N times one to three random faults of its boxes. It ends
 * with 1 when the pair once needs somebody, or an outage is told of by no event. How long both
 * boxes answered for the address is shown: such a pair prefers two owners to none. 50 sequences
 * take an hour; it needs root.
 */

import { newestImage } from '../../image/run/newest-image.ts'
import { requestsTo } from '../bench/pair/power-cut.ts'
import { Scope } from '../bench/scope.ts'
import { commandLine, number, numberOrNone, text } from '../lab/command-line.ts'
import { stormPair } from './boxes.ts'
import { Holders } from './holders.ts'
import { drawStorm, wordsOf } from './plan.ts'
import { outcomeInWords, weather } from './storm.ts'
import { takeToken, untilWell } from './wellness.ts'

const wish = commandLine({
  name: 'storm',
  about:
    'Random faults on a pair from the image in QEMU, and whether it is well by itself after\n' +
    'each sequence of them: 50 take an hour. It needs root.',
  options: {
    sequences: number(0, 50, 'sequences of one to three faults'),
    seed: numberOrNone(0, 'which faults (one that is printed)'),
    image: text('FILE', 'the image (the newest in dist)'),
  },
})
const { sequences } = wish
const seed = wish.seed ?? Date.now() % 1_000_000
const image = wish.image ?? process.env.DIARCH_IMAGE ?? newestImage()

console.log(`seed ${seed}: ${sequences} sequences of faults`)
await Scope.with(async scope => {
  const pair = await stormPair(scope, image)
  await untilWell(pair)
  await takeToken(pair)
  const requests = await requestsTo(pair.client)
  const holders = await Holders.watch(pair.lab, pair.lan, '192.0.2.100')
  for (const [index, sequence] of drawStorm(seed, sequences).entries()) {
    console.log(`${index + 1}: ${sequence.map(wordsOf).join('; ')}`)
    const outcome = await weather({ pair, requests, holders }, sequence)
    console.log(`   ${outcomeInWords(outcome)}`)
  }
})
console.log(`seed ${seed}: the pair was well after each of ${sequences}`)
