/**
 * `npm run bench:image -- [--json FILE] [--only download,builds,boots,race] [--rounds N]
 * [--dist DIR]`: what the image costs to download, to build and to start, against its bars and
 * against a stock Debian. Without the builds it takes the image from DIR (default dist).
 */

import { join, resolve } from 'node:path'
import { commandLine, json as jsonFile, number, some, text } from '../lab/command-line.ts'
import { bootCases, bootsOn, memoryOf } from './image/boots.ts'
import { buildBar, buildsOf, Clone, downloadOf, fastBar, imageIn, sameBar } from './image/builds.ts'
import { race, raceBar } from './image/race.ts'
import { type Case, notMeasured, print, writeJson } from './report.ts'

const top = resolve(import.meta.dirname, '../..')
const groups = ['download', 'builds', 'boots', 'race']
const wish = commandLine({
  name: 'bench:image',
  about:
    'What the image costs to download, to build and to start, against its bars and a stock\n' +
    'Debian. Without the builds it is the one in DIR. It needs root.',
  options: {
    json: jsonFile,
    only: some(groups, 'these alone'),
    rounds: number(1, 3, 'how often the race is run'),
    dist: text('DIR', 'where the image is (dist)'),
  },
})
const { only: wanted, rounds } = wish

const cases: Case[] = []
let dist = resolve(wish.dist ?? join(top, 'dist'))

if (wanted.includes('builds')) {
  const clone = new Clone(top, join(top, 'build/bench'))
  const builds = await buildsOf(clone)
  dist = clone.dist
  cases.push(await downloadOf(dist), ...builds)
} else {
  cases.push(await downloadOf(dist), ...leftOut('builds', [buildBar, sameBar, fastBar]))
}

const image = theImage()
if (image === null) {
  const why = `there is no image in ${dist}`
  cases.push(...[...bootCases, raceBar].map(bar => notMeasured(bar, why)))
} else {
  const boots = wanted.includes('boots')
  cases.push(...(boots ? await bootsOn(image) : leftOut('boots', bootCases.slice(0, -1))))
  cases.push(...(boots ? [await memoryOf(image)] : leftOut('boots', bootCases.slice(-1))))
  const started = wanted.includes('race')
  const folder = join(top, 'build/peer')
  cases.push(...(started ? [await race(image, rounds, folder)] : leftOut('race', [raceBar])))
}

print(cases)
if (wish.json !== null) writeJson(wish.json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

function leftOut(group: string, bars: readonly Parameters<typeof notMeasured>[0][]): Case[] {
  return bars.map(bar => notMeasured(bar, `--only left out "${group}"`))
}

function theImage(): string | null {
  try {
    return imageIn(dist)
  } catch {
    return null
  }
}
