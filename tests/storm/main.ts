/**
 * `npm run storm -- [--sequences N] [--seed N] [--image FILE]`: a pair from the image in QEMU, with
 * a client that asks all the time, and N times one to three random faults of its boxes. It ends
 * with 1 when the pair once needs somebody, or an outage is told of by no event. 50 sequences take
 * an hour; it needs root.
 */

import { parseArgs } from 'node:util'
import { newestImage } from '../../image/run/newest-image.ts'
import { requestsTo } from '../bench/pair/power-cut.ts'
import { Scope } from '../bench/scope.ts'
import { stormPair } from './boxes.ts'
import { drawStorm, wordsOf } from './plan.ts'
import { weather } from './storm.ts'
import { untilWell } from './wellness.ts'

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    image: { type: 'string', default: process.env.DIARCH_IMAGE ?? '' },
  },
})
const numberOf = (option: 'sequences' | 'seed'): number => {
  const value = Number(values[option])
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`--${option} ${values[option]}: a number`)
  return value
}
const [seed, sequences] = [numberOf('seed'), numberOf('sequences')]

console.log(`seed ${seed}: ${sequences} sequences of faults`)
await Scope.with(async scope => {
  const pair = await stormPair(scope, values.image === '' ? newestImage() : values.image)
  await untilWell(pair)
  const requests = await requestsTo(pair.client)
  for (const [index, sequence] of drawStorm(seed, sequences).entries()) {
    console.log(`${index + 1}: ${sequence.map(wordsOf).join('; ')}`)
    const { silent, longest, wellAfter } = await weather(pair, requests, sequence)
    const missed = `${Math.round(silent)} ms without an answer, at most ${Math.round(longest)}`
    console.log(`   ${missed}; well ${(wellAfter / 1000).toFixed(1)} s after the last of them`)
  }
})
console.log(`seed ${seed}: the pair was well after each of ${sequences}`)
