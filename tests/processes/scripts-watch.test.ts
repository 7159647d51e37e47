import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import type { TrackerConfig } from '../../appliance/vrrp/tracker-config.ts'
import { startScripts } from './scripts-process.ts'
import { until } from './supervisor-lab.ts'

const processTracker = (program: string, own: object = {}): TrackerConfig => ({
  name: 'daemon',
  kind: 'process',
  program,
  arguments: [],
  least: 1,
  most: null,
  patience: milliseconds(0),
  ...own,
})

/** Runs until it is killed; `sleep` under a name that nobody else has. */
async function daemon(t: TestContext, path: string, ...args: string[]) {
  const child = spawn(path, ['1000', ...args], { stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** A program of our own: its name is unique for this run. */
function sleeper(folder: string): { path: string; name: string } {
  const path = join(folder, `sl-${basename(folder).slice(-6)}`)
  copyFileSync('/bin/sleep', path)
  return { path, name: basename(path) }
}

test('a process is up while it runs, and the reason says how many there are', async t => {
  const scripts = await startScripts(t)
  const { path, name } = sleeper(scripts.folder)
  scripts.configure({ trackers: [processTracker(name)] })
  assert.equal((await scripts.untilState('daemon', 'down')).why, `no process ${name}`)
  const end = await daemon(t, path)
  assert.equal((await scripts.untilState('daemon', 'up')).why, `1 process ${name}`)
  const endSecond = await daemon(t, path)
  await scripts.untilVerdict('daemon', ({ why }) => why === `2 processes ${name}`)
  await end()
  await endSecond()
  await scripts.untilState('daemon', 'down')
})

test('a process counts by its arguments, and by its name beyond what the kernel keeps', async t => {
  const scripts = await startScripts(t)
  const { path, name } = sleeper(scripts.folder)
  assert.ok(name.length <= 15, name)
  const long = `${path}-with-a-longer-name`
  copyFileSync(path, long)
  await daemon(t, path, '2', '3')
  await daemon(t, long)
  const named = (tracker: string, program: string, ...args: string[]) =>
    ({ ...processTracker(program, { arguments: args }), name: tracker }) as TrackerConfig
  scripts.configure({
    trackers: [
      named('right', name, '1000', '3'),
      named('wrong', name, '3', '1000'),
      named('long', basename(long)),
      named('cut', `${basename(long).slice(0, 15)}xx`),
    ],
  })
  await until(
    'all are judged',
    () => ['right', 'wrong', 'long', 'cut'].map(each => scripts.verdict(each)?.state),
    states => !states.includes('unknown') && !states.includes(undefined),
  )
  const states = ['right', 'wrong', 'long', 'cut'].map(each => scripts.verdict(each)?.state)
  assert.deepEqual(states, ['up', 'down', 'up', 'down'])
})

test('a process that is back within its patience was never gone', async t => {
  const scripts = await startScripts(t)
  const { path, name } = sleeper(scripts.folder)
  const patient = processTracker(name, { patience: seconds(600) })
  const strict = { ...processTracker(name), name: 'strict' }
  const end = await daemon(t, path)
  scripts.configure({ trackers: [patient, strict] })
  await scripts.untilState('daemon', 'up')
  await end()
  // The other one proves that it was looked for while it was gone.
  await scripts.untilState('strict', 'down')
  await daemon(t, path)
  await scripts.untilState('strict', 'up')
  assert.ok(scripts.history('daemon').every(({ state }) => state !== 'down'))
})

test('patience ends at its time, not at the next walk', async t => {
  const scripts = await startScripts(t)
  const { path, name } = sleeper(scripts.folder)
  // Both lie between the same two walks.
  const tracker = processTracker(name, { patience: milliseconds(1050) })
  const longer = { ...processTracker(name, { patience: milliseconds(1800) }), name: 'longer' }
  const end = await daemon(t, path)
  scripts.configure({ trackers: [tracker, longer] })
  await scripts.untilState('longer', 'up')
  await end()
  await scripts.untilState('longer', 'down')
  const told = scripts.messages.filter(message => message.kind === 'verdicts')
  const states = told.map(({ verdicts }) => verdicts.map(({ state }) => state).join(' '))
  assert.deepEqual([...new Set(states.slice(-3))], ['up up', 'down up', 'down down'])
})

const fileTracker = (path: string, missing = 0): TrackerConfig => ({
  name: 'number',
  kind: 'file',
  path,
  missing,
})

test('a file: its number at once, whether it is written, replaced or removed', async t => {
  const scripts = await startScripts(t)
  const path = join(scripts.folder, 'number')
  const number = (wanted: number) => scripts.untilVerdict('number', v => v.number === wanted)
  scripts.configure({ trackers: [fileTracker(path, 9)] })
  assert.equal((await number(9)).why, 'no such file: 9')
  writeFileSync(path, '5\n')
  assert.equal((await number(5)).state, 'down')
  writeFileSync(`${path}.new`, '-30\n')
  renameSync(`${path}.new`, path)
  assert.equal((await number(-30)).why, 'the file says -30')
  writeFileSync(path, '0\n')
  assert.equal((await number(0)).state, 'up')
  rmSync(path)
  await number(9)
})

test('a file is read because it changed, not because time has passed', async t => {
  const scripts = await startScripts(t)
  const path = join(scripts.folder, 'number')
  scripts.configure({ trackers: [fileTracker(path)] })
  const began = performance.now()
  // By looking again every 2 s this would take more than half a minute.
  for (let round = 1; round <= 20; round++) {
    writeFileSync(path, `${round}\n`)
    await scripts.untilVerdict('number', v => v.number === round)
  }
  const took = performance.now() - began
  assert.ok(took < 20_000, `${took} ms`)
})

test('garbage leaves the number and is shown', async t => {
  const scripts = await startScripts(t)
  const path = join(scripts.folder, 'number')
  writeFileSync(path, '20')
  scripts.configure({ trackers: [fileTracker(path)] })
  const { since } = await scripts.untilVerdict('number', v => v.number === 20)
  writeFileSync(path, 'Traceback (most recent call last):')
  const { number, why, since: later } = await scripts.untilVerdict('number', v => /"/.test(v.why))
  assert.deepEqual([number, later], [20, since])
  assert.equal(why, '"Traceback (most recent call last):" is not a whole number; 20 stays')
})

test('a folder that comes later, goes, and comes again', async t => {
  const scripts = await startScripts(t)
  const folder = join(scripts.folder, 'later')
  const path = join(folder, 'number')
  const number = (wanted: number) => scripts.untilVerdict('number', v => v.number === wanted)
  scripts.configure({ trackers: [fileTracker(path)] })
  await number(0)
  for (const value of [4, 5]) {
    mkdirSync(folder)
    writeFileSync(path, `${value}`)
    await number(value)
    rmSync(folder, { recursive: true })
    await number(0)
  }
})

test('a link to a file elsewhere', async t => {
  const scripts = await startScripts(t)
  const [path, target] = [join(scripts.folder, 'number'), join(scripts.folder, 'target')]
  writeFileSync(target, '1')
  symlinkSync(target, path)
  scripts.configure({ trackers: [fileTracker(path)] })
  await scripts.untilVerdict('number', v => v.number === 1)
  writeFileSync(target, '2')
  await scripts.untilVerdict('number', v => v.number === 2)
})

test('what is no file says so', async t => {
  const scripts = await startScripts(t)
  scripts.configure({ trackers: [fileTracker(scripts.folder, 3)] })
  const { number, why } = await scripts.untilVerdict('number', v => v.number !== null)
  assert.equal(number, 3)
  assert.match(why, /EISDIR.*; 3 stays/)
})
