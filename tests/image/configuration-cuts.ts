import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../appliance/store/store.ts'
import { minutes } from '../../appliance/values/duration.ts'
import { Random } from '../fuzz/random.ts'
import { copyDisk, type VmDisk } from '../lab/vm/disk.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { rewriteSlot } from '../lab/vm/slot.ts'
import { startVm, type VmOptions } from '../lab/vm/vm.ts'
import { type Cut, CutDisks, WriteLog } from '../lab/vm/write-log.ts'
import { assertSound } from '../processes/store-words.ts'
import { newDisk } from './box.ts'

export type CutOptions = {
  readonly cuts: number
  /** So many of these disks are booted too. */
  readonly boots: number
  readonly seed: number
  /** So many are acknowledged meanwhile. */
  readonly revisions: number
  readonly say: (line: string) => void
}

export type Cuts = {
  readonly acknowledged: number
  /** Cuts at which something was written and not yet flushed. */
  readonly hit: number
  /** Of what was not yet flushed. */
  readonly sectors: { readonly kept: number; readonly lost: number }
}

type Acknowledged = { readonly number: number; readonly hash: string }

/** How many revisions a box keeps. */
const keep = 100
const patient = minutes(5)
const writer = join(import.meta.dirname, 'configuration-writer.ts')
const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
const hardware: VmOptions = { memoryMiB: 512, serialLines: 2 }

/**
 * A box changes its configuration without a pause, and everything that it writes is noted. Of that
 * the disks are made that power cuts at random moments would have left. Throws unless each has
 * every revision that was acknowledged before its cut, and nothing half.
 */
export async function cutWriters(t: TestContext, options: CutOptions): Promise<Cuts> {
  const { cuts, boots, say } = options
  const random = new Random(options.seed)
  const folder = scratchFolder(t)
  const { log, before, told } = await writtenLog(t, join(folder, 'writes'), options.revisions)
  say(`${told.length} revisions acknowledged, ${log.entries.length} writes and flushes`)

  const first = told[0]?.entries ?? 0
  const moments = Array.from({ length: cuts }, () => {
    return first + random.below(log.entries.length - first + 1)
  })
  const disks = new CutDisks(log, before)
  let [hit, kept, lost] = [0, 0, 0]
  for (const [index, moment] of moments.toSorted((a, b) => a - b).entries()) {
    const acknowledged = told.filter(({ entries }) => entries <= moment)
    // Sometimes nearly all of it is lost, sometimes nearly nothing.
    const percent = random.below(101)
    const cut = disks.cut(moment, () => random.chance(percent))
    const newest = assertKept(cut, acknowledged, join(folder, 'state'))
    const sectors = `${cut.lost} of ${cut.lost + cut.kept} sectors lost`
    say(`${moment}: ${acknowledged.at(-1)?.number} acknowledged, ${newest} there, ${sectors}`)
    if (isOneOf(boots, cuts, index)) {
      await assertBoots(t, cut.disk(join(folder, 'booted.img')), acknowledged)
      say('   and so it is when it is booted')
    }
    if (cut.kept + cut.lost > 0) hit += 1
    kept += cut.kept
    lost += cut.lost
  }
  return { acknowledged: told.length, hit, sectors: { kept, lost } }
}

/** So many of all, evenly. */
const isOneOf = (some: number, all: number, index: number): boolean =>
  Math.floor((index * some) / all) < Math.floor(((index + 1) * some) / all)

/** A box that writes, until so many revisions were acknowledged; `entries`: of the log by then. */
async function writtenLog(t: TestContext, path: string, revisions: number) {
  const disk = newDisk(t)
  rewriteSlot(t, disk, { from: 'diarch-a', to: 'diarch-a' }, addWriter)
  const before = copyDisk(t, disk.path)
  const vm = await startVm(t, { ...hardware, disk, writeLog: path })
  const line = vm.serialLine(1)
  await line.until(/all found: 0\n/, patient)
  const told: (Acknowledged & { readonly size: number })[] = []
  while (told.length < revisions) {
    const [, number, hash = ''] = await line.until(/acknowledged (\d+) ([0-9a-f]{64})\n/, patient)
    told.push({ number: Number(number), hash, size: statSync(path).size })
  }
  // Ends what is under way, so that the log is whole.
  await vm.qmp('stop')
  await vm.powerCut()
  const log = new WriteLog(path)
  return { log, before, told: told.map(each => ({ ...each, entries: log.countAt(each.size) })) }
}

function addWriter(root: string): void {
  const name = 'usr/lib/configuration-writer.ts'
  copyFileSync(writer, join(root, name))
  appendFileSync(join(root, 'etc/inittab'), `ttyS1::respawn:/usr/bin/node /${name}\n`)
}

/** Looks at the store of a box from outside, after the check that every start begins with. */
function assertKept(cut: Cut, acknowledged: readonly Acknowledged[], folder: string): number {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  // As a file of its own: in a partition of a disk, e2fsck does not find back after the journal.
  const state = join(folder, 'state.img')
  cut.partition('diarch-state', state)
  assertMended(state, ['-p'], [0, 1])
  assertMended(state, ['-fn'], [0])
  execFileSync('debugfs', ['-R', `rdump /config ${folder}`, state], { env, stdio: 'pipe' })
  const store = openStore(join(folder, 'config'), keep)
  assertSound(store)
  const newest = store.newest?.number ?? 0
  const told = acknowledged.at(-1)?.number ?? 0
  assert.ok(newest >= told, `${told} was acknowledged, ${newest} is there`)
  const there = new Map(store.history().heads.map(({ number, hash }) => [number, hash]))
  assertAllThere(acknowledged, there, newest)
  return newest
}

/** The box says itself what it has, and goes on. */
async function assertBoots(
  t: TestContext,
  disk: VmDisk,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const vm = await startVm(t, { ...hardware, disk })
  const line = vm.serialLine(1)
  const [said] = await line.until(/[\s\S]*all found: \d+\n/, patient)
  assert.doesNotMatch(said, /damaged|Error/)
  const found = said.matchAll(/found (\d+) ([0-9a-f]{64})\n/g)
  const there = new Map([...found].map(([, number, hash = '']) => [Number(number), hash]))
  const newest = Math.max(...there.keys())
  assertAllThere(acknowledged, there, newest)
  const [, next] = await line.until(/acknowledged (\d+) /, patient)
  assert.equal(Number(next), newest + 1)
  assert.doesNotMatch(vm.serial.screen(), /! (state|configuration)-/)
  await vm.powerCut()
}

function assertMended(state: string, options: readonly string[], good: readonly number[]): void {
  const { status, stdout } = spawnSync('e2fsck', [...options, state], { env, encoding: 'utf8' })
  assert.ok(good.includes(status ?? 99), `e2fsck ${options}: ${status}\n${stdout}`)
}

function assertAllThere(
  acknowledged: readonly Acknowledged[],
  there: ReadonlyMap<number, string>,
  newest: number,
): void {
  for (const { number, hash } of acknowledged.filter(({ number }) => number > newest - keep)) {
    assert.equal(there.get(number), hash, `revision ${number}, which was acknowledged`)
  }
}
