import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { isRunning, lines, type ScriptsProcess, startScripts } from './scripts-process.ts'
import { until } from './supervisor-lab.ts'

test('what was not changed by a new configuration runs on', async t => {
  const scripts = await startScripts(t)
  const starts = join(scripts.folder, 'starts')
  const script = scripts.script('check', `echo "$1" >>${starts}; [ "$1" != slow ] || sleep 1000`)
  const slow = scripts.tracker({
    name: 'slow',
    command: [script, 'slow'],
    initially: 'up',
    timeout: seconds(900),
  })
  const strict = scripts.tracker({ name: 'strict', command: [script, 'strict'] })
  const other = scripts.tracker({
    name: 'other',
    command: [script, 'other'],
    interval: seconds(900),
  })
  scripts.configure({ trackers: [slow, strict, other] })
  const since = (await scripts.untilState('strict', 'up')).since
  await scripts.untilState('other', 'up')
  await until(
    'slow runs',
    () => lines(starts),
    seen => seen.includes('slow'),
  )

  const before = scripts.messages.length
  const changed = { ...other, command: [script, 'another'] as const }
  scripts.configure({
    trackers: [slow, { ...strict, fall: 5, interval: milliseconds(60) }, changed],
  })
  await until(
    'another has run',
    () => lines(starts),
    seen => seen.includes('another'),
  )
  await scripts.untilState('other', 'up')
  const later = scripts.messages.slice(before)
  const states = (name: string) =>
    later.flatMap(each =>
      each.kind === 'verdicts' ? each.verdicts.filter(v => v.name === name).map(v => v.state) : [],
    )
  assert.deepEqual([...new Set(states('slow'))], ['up'])
  assert.deepEqual([...new Set(states('strict'))], ['up'])
  assert.deepEqual([...new Set(states('other'))], ['unknown', 'up'])
  assert.equal(scripts.verdict('strict')?.since, since)
  assert.equal(lines(starts).filter(each => each === 'slow').length, 1)

  scripts.configure({ trackers: [strict] })
  await until(
    'only one is left',
    () => scripts.messages.findLast(message => message.kind === 'verdicts'),
    message => message?.verdicts.length === 1,
  )
})

test('a process that is started again goes on from what is known', async t => {
  const scripts = await startScripts(t)
  const since = '2026-01-01T00:00:00.000Z'
  const known = { name: 'check', state: 'down', number: null, why: 'exit code 1', since } as const
  const again = join(scripts.folder, 'again')
  const command = [scripts.script('check', `[ -e ${again} ]`)] as const
  const tracker = scripts.tracker({ command, rise: 3, fall: 3 })
  scripts.configure({ trackers: [tracker], known: [known] })
  await until(
    'it was judged',
    () => scripts.history('check').length,
    count => count >= 1,
  )
  assert.deepEqual(scripts.verdict('check'), known)
  writeFileSync(again, '')
  await scripts.untilState('check', 'up')
  assert.deepEqual([...new Set(scripts.history('check').map(({ state }) => state))], ['down', 'up'])
})

for (const [how, leave] of [
  ['the channel closes', scripts => scripts.child.disconnect()],
  ['it gets SIGTERM', scripts => scripts.child.kill('SIGTERM')],
  ['it is asked to stop', scripts => scripts.tell({ kind: 'stop' })],
] as const satisfies readonly (readonly [string, (scripts: ScriptsProcess) => void])[]) {
  test(`when ${how} it ends, and what it runs with it`, async t => {
    const scripts = await startScripts(t)
    const pids = join(scripts.folder, 'pids')
    const script = scripts.script(
      'check',
      `trap '' TERM; sleep 1000 & echo $! $$ >>${pids}; wait; wait`,
    )
    scripts.configure({ trackers: [scripts.tracker({ command: [script], timeout: seconds(900) })] })
    const [line] = await until(
      'it runs',
      () => lines(pids),
      seen => seen.length > 0,
    )
    leave(scripts)
    assert.deepEqual(await scripts.exited, { code: 0, signal: null })
    for (const pid of line!.split(' ').map(Number)) {
      await until(
        `${pid} has ended`,
        () => isRunning(pid),
        running => !running,
      )
    }
  })
}
