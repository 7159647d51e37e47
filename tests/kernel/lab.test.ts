import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from '../../appliance/values/duration.ts'
import type { InsideTest } from '../lab/uml/outcome.ts'
import { runInside } from '../lab/uml/run-inside.ts'

const bad = (name: string): string => new URL(`bad/${name}.test.ts`, import.meta.url).pathname

const short = (tests: readonly InsideTest[]): unknown[] =>
  tests.map(({ name, error, subtests }) => [name, error === null, ...short(subtests)])

test('results come back: passed, failed, skipped, subtests, errors, output', async () => {
  // Two at a time, to see that they do not disturb each other.
  const [{ tests, output, failure }, other] = await Promise.all([
    runInside(bad('mixed')),
    runInside(bad('mixed')),
  ])
  assert.equal(failure, null)
  assert.deepEqual(short(other.tests), short(tests))
  assert.deepEqual(short(tests), [
    ['passes', true],
    ['fails', false],
    ['is skipped', true],
    ['has subtests', false, ['good', true], ['bad', false, ['deep', false]]],
  ])
  assert.equal(output, 'words of a test\n')
  const [passes, fails, skipped, parent] = tests
  assert.ok(passes!.milliseconds > 0)
  assert.match(fails!.error!.message, /one is not two/)
  assert.match(fails!.error!.stack, /mixed\.test\.ts:10/)
  assert.equal(skipped!.skip, 'for a reason')
  assert.equal(parent!.error!.ofSubtests, true)
  assert.equal(parent!.subtests[1]!.subtests[0]!.error!.message, 'from the depth')
})

test('an ordinary runner reports the failures of the inside as its own', async () => {
  const kernelTest = new URL('../lab/uml/kernel-test.ts', import.meta.url)
  const script = `import { kernelTest } from '${kernelTest}'
    kernelTest(new URL('file://${bad('mixed')}'))`
  const args = ['--input-type=module', '--test-reporter=tap', '-e', script]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  let tap = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    tap += text
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 1)
  assert.match(tap, /^not ok 1 - inside a kernel/m)
  assert.match(tap, /^ {4}ok 1 - passes$/m)
  assert.match(tap, /^ {4}not ok 2 - fails$/m)
  assert.match(tap, /one is not two/)
  assert.match(tap, /^ {4}ok 3 - is skipped # SKIP for a reason$/m)
  assert.match(tap, /^ {12}not ok 1 - deep$/m)
  assert.match(tap, /words of a test/)
  assert.match(tap, /took \d+ ms inside the kernel/)
})

test('a panic is a failure with the last lines, and what went before is kept', async () => {
  const { tests, failure } = await runInside(bad('panics'))
  assert.match(failure ?? '', /^the kernel died during "panic"/)
  assert.match(failure ?? '', /Kernel panic - not syncing: sysrq triggered crash/)
  assert.deepEqual(short(tests), [
    ['before', true],
    ['a subtest that passed', true],
  ])
})

test('a hang is a failure after the time limit', async () => {
  const { tests, failure } = await runInside(bad('hangs'), { within: seconds(20) })
  assert.match(failure ?? '', /^the kernel was not done in time during "for ever"/)
  assert.deepEqual(short(tests), [['before', true]])
})

test('a restart of the kernel is told, and the tests are not repeated', async () => {
  const { failure } = await runInside(bad('restarts'))
  assert.match(failure ?? '', /^the kernel restarted during "restart"/)
})

// It restarts out of a timer interrupt, and a user-mode kernel sometimes falls over that.
test('a starved watchdog ends the kernel', async () => {
  const { failure } = await runInside(bad('starves-watchdog'))
  assert.match(failure ?? '', /^the kernel (restarted|died) during "watchdog"/)
})

test('a test process that leaves early is a failure with its code', async () => {
  const { tests, failure } = await runInside(bad('exits'))
  assert.match(failure ?? '', /^the test process ended with 7 during "leaves"/)
  assert.deepEqual(short(tests), [['before', true]])
})

test('a file that is not there is a failed test', async () => {
  const { tests } = await runInside(bad('absent'))
  assert.match(tests[0]!.error!.message, /Cannot find module/)
})

const kernels = async (): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).filter(line => line.startsWith('linux.uml'))
}

test('two kernels run side by side, and nothing of a killed test stays', async () => {
  const module = new URL('../lab/uml/run-inside.ts', import.meta.url)
  const script = `import { runInside } from '${module}'
    const run = () => runInside('${bad('hangs')}', { memoryMiB: 256 })
    await Promise.all([run(), run()])`
  const mine = async () => (await kernels()).filter(line => line.includes('mem=256M'))
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  const until = async (condition: () => Promise<boolean>) => {
    const deadline = Date.now() + 60_000
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`still running: ${await mine()}`)
      await wait(50)
    }
  }
  // Each has some processes more once user space runs.
  await until(async () => (await mine()).length >= 8)
  child.kill('SIGKILL')
  await until(async () => (await mine()).length === 0)
})
