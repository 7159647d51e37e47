import { readFileSync } from 'node:fs'
import { readScheduling } from '../../../appliance/linux/scheduling.ts'
import { lockProgramText } from '../../../appliance/linux/steady-memory.ts'
import { tell } from './tell.ts'

/** Locks what there is to lock, makes garbage afterwards, and tells what it came to. */
const kib = (key: string): number =>
  Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1])

const before = kib('VmRSS')
const { bytes, refused } = lockProgramText()
const locked = kib('VmLck')
const resident = kib('VmRSS')
let kept: number[][] = []
for (let i = 0; i < 400; i++) kept = [...kept.slice(-50), Array.from({ length: 5000 }, () => i)]
tell({
  bytes,
  refused,
  locked,
  grown: resident - before,
  garbage: kept.length,
  scheduling: readScheduling(),
})
