/**
 * `npm run bench:ipvs -- [--json FILE]`: how long it takes to bring 1,000 services of
 * 10 destinations into the kernel's table, beside `ipvsadm -R`, and to find out that one of them,
 * or none, has changed. It runs in a user-mode kernel, where all system calls are slow. It needs
 * root, and a machine that does nothing else.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { minutes } from '../../appliance/values/duration.ts'
import { commandLine, json as jsonFile } from '../lab/command-line.ts'
import { runInside } from '../lab/uml/run-inside.ts'
import { compileNative } from '../processes/supervisor-lab.ts'
import type { Samples } from './ipvs/samples.ts'
import { attempt, type Case, compared, measured, print, writeJson } from './report.ts'

const { json } = commandLine({
  name: 'bench:ipvs',
  about:
    "1,000 services of 10 destinations into the kernel's table, beside ipvsadm, in a user-mode\n" +
    'kernel (docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  options: { json: jsonFile },
})

const bars = {
  program: { name: '1,000 services x 10 from empty', unit: 'ms', bar: 0.4 },
  operations: { name: 'operations for one change', unit: 'operations', bar: 1 },
  change: { name: 'reload with one change', unit: 'ms', bar: 150 },
  idleOperations: { name: 'operations without a change', unit: 'operations', bar: 0 },
  idle: { name: 'reload without a change', unit: 'ms', bar: 150 },
} as const

// A user-mode kernel is several processes that wait for each other at each system call. Spread over
// two processors they take three times as long, so all of it stays on one.
execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)], { stdio: 'ignore' })
// The kernel inside sees the tree read-only.
compileNative()
const samples = sampleInside()
const cases: readonly Case[] = [
  await attempt(bars.program, async () => {
    const { own, ipvsadm } = await samples
    return compared(bars.program, own, 'ipvsadm -R', ipvsadm)
  }),
  await attempt(bars.operations, async () => {
    return measured(bars.operations, (await samples).changeOperations)
  }),
  await attempt(bars.change, async () => measured(bars.change, (await samples).change)),
  await attempt(bars.idleOperations, async () => {
    return measured(bars.idleOperations, (await samples).idleOperations)
  }),
  await attempt(bars.idle, async () => measured(bars.idle, (await samples).idle)),
]
print(cases)
if (json !== null) writeJson(json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

async function sampleInside(): Promise<Samples> {
  const file = resolve(import.meta.dirname, 'ipvs/inside.ts')
  const { output, tests, failure } = await runInside(file, { within: minutes(10) })
  const error = failure ?? tests.find(({ error }) => error !== null)?.error?.message
  if (error) throw new Error(error)
  const line = /^samples (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`no figures came back: ${output}`)
  return JSON.parse(line)
}
