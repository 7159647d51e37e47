import assert from 'node:assert/strict'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import { isRunning, lines, startScripts } from './scripts-process.ts'
import { compileNative, until } from './supervisor-lab.ts'

before(() => {
  assert.equal(process.getuid?.(), 0, 'run these tests as root: only root can become others')
  compileNative()
})

test('a script is up and down as it ends, and its last line is the reason', async t => {
  const scripts = await startScripts(t)
  const bad = join(scripts.folder, 'bad')
  const command = [
    scripts.script(
      'check',
      `[ -e ${bad} ] || exit 0; echo looking; echo "nginx: not running"; exit 3`,
    ),
  ] as const
  scripts.configure({ trackers: [scripts.tracker({ command })] })
  assert.equal((await scripts.untilState('check', 'up')).why, 'exit code 0')
  writeFileSync(bad, '')
  assert.equal((await scripts.untilState('check', 'down')).why, 'exit code 3: nginx: not running')
  rmSync(bad)
  const again = await scripts.untilState('check', 'up')
  assert.equal(again.number, null)
  assert.ok(Math.abs(Date.parse(again.since) - Date.now()) < 30_000)
  assert.equal(scripts.history('check')[0]?.state, 'unknown')
})

test('it takes fall bad results in a row to go down', async t => {
  const scripts = await startScripts(t)
  const log = join(scripts.folder, 'log')
  // Good at first, then bad, except for each third time.
  const body = `echo x >>${log}; n=$(wc -l <${log}); [ $n -le 1 ] || [ $((n % 3)) = 0 ]`
  const command = [scripts.script('check', body)] as const
  scripts.configure({
    trackers: [
      scripts.tracker({ command, interval: milliseconds(50), fall: 3 }),
      scripts.tracker({ name: 'strict', command: ['/bin/false'], fall: 2, initially: 'up' }),
    ],
  })
  await scripts.untilState('strict', 'down')
  await until(
    'it ran twelve times',
    () => lines(log).length,
    count => count >= 12,
  )
  assert.ok(scripts.history('check').every(({ state }) => state !== 'down'))
})

test('no shell, an own session, a clean environment', async t => {
  const scripts = await startScripts(t)
  const seen = join(scripts.folder, 'seen')
  const script = scripts.script(
    'check',
    `{ printf '%s\\n' "$@"; pwd; env; ps -o pid=,sid=,pgid= $$; } >${seen}.new
     mv ${seen}.new ${seen}`,
  )
  scripts.configure({ trackers: [scripts.tracker({ command: [script, 'a b', '$HOME; false'] })] })
  await scripts.untilState('check', 'up')
  const [first, second, folder, ...rest] = lines(seen)
  assert.deepEqual([first, second, folder], ['a b', '$HOME; false', '/'])
  const [pid, session, group] = rest.pop()?.trim().split(/\s+/) ?? []
  assert.deepEqual([session, group], [pid, pid])
  const names = rest.map(line => line.split('=')[0]).filter(name => !/^(_|SHLVL|PWD)$/.test(name!))
  assert.deepEqual(names.sort(), ['HOME', 'LANG', 'LOGNAME', 'PATH', 'USER'])
})

test('as another user: its group and home, and none of root’s groups', async t => {
  const scripts = await startScripts(t)
  const script = scripts.script('check', 'echo "$(id -u) $(id -g) $(id -G) $USER $HOME"; exit 1')
  scripts.configure({ trackers: [scripts.tracker({ command: [script], user: 'nobody' })] })
  const { why } = await scripts.untilState('check', 'down')
  assert.match(why, /^exit code 1: 65534 65534 65534 nobody \/\S+$/)
})

test('output may go to /dev/stderr, as another user too', async t => {
  const scripts = await startScripts(t)
  const script = scripts.script('check', 'set -e; echo seen | tee /dev/stderr; exit 7')
  scripts.configure({
    trackers: [
      scripts.tracker({ command: [script] }),
      scripts.tracker({ name: 'other', command: [script], user: 'nobody' }),
    ],
  })
  assert.equal((await scripts.untilState('check', 'down')).why, 'exit code 7: seen')
  assert.equal((await scripts.untilState('other', 'down')).why, 'exit code 7: seen')
})

test('no answer: SIGTERM, then SIGKILL for the whole group, and never two at once', async t => {
  const scripts = await startScripts(t)
  const pids = join(scripts.folder, 'pids')
  const script = scripts.script(
    'check',
    `[ -e ${pids} ] && kill -0 $(tail -n1 ${pids}) && echo overlap >>${pids}.wrong
     trap 'echo TERM >>${pids}.heard' TERM
     sleep 1000 & echo $! >>${pids}; echo $$ >>${pids}
     for round in {1..600}; do wait; sleep 0.1; done`,
  )
  const timing = { interval: milliseconds(50), timeout: milliseconds(500) }
  scripts.configure({ trackers: [scripts.tracker({ command: [script], ...timing })] })
  const { why } = await scripts.untilState('check', 'down')
  assert.equal(why, 'no answer within 0.5 s')
  await until(
    'the third run is there',
    () => lines(pids).length,
    count => count >= 6,
  )
  const before = lines(pids).slice(0, 4).map(Number)
  assert.deepEqual(before.filter(isRunning), [])
  assert.equal(lines(`${pids}.heard`)[0], 'TERM')
  assert.deepEqual(lines(`${pids}.wrong`), [])
})

test('what a check leaves running ends with it', async t => {
  const scripts = await startScripts(t)
  const pids = join(scripts.folder, 'pids')
  const script = scripts.script('check', `sleep 1000 & echo $! >>${pids}; exit 0`)
  scripts.configure({
    trackers: [scripts.tracker({ command: [script], interval: seconds(1000) })],
  })
  await scripts.untilState('check', 'up')
  const left = Number(lines(pids)[0])
  await until(
    'it has ended',
    () => isRunning(left),
    running => !running,
  )
})

test('a flood of output costs little and its last line is short', async t => {
  const scripts = await startScripts(t)
  const body = `head -c 20000000 /dev/zero | tr '\\0' x; echo
    head -c 5000 /dev/zero | tr '\\0' y; exit 1`
  scripts.configure({
    trackers: [
      scripts.tracker({ command: [scripts.script('check', body)], interval: seconds(1000) }),
      scripts.tracker({
        name: 'endless',
        command: ['/usr/bin/yes'],
        interval: seconds(1000),
        timeout: seconds(3),
      }),
    ],
  })
  const { why } = await scripts.untilState('check', 'down')
  assert.match(why, /^exit code 1: y{200}$/)
  assert.equal((await scripts.untilState('endless', 'down')).why, 'no answer within 3 s')
  const lags = scripts.messages.flatMap(each => (each.kind === 'alive' ? [each.lagMs] : []))
  // The supervisor takes it for hanging after 15 s.
  assert.ok(lags.length > 0 && Math.max(...lags) < 10_000, `lags ${lags}`)
})

test('confined as on a box, it becomes other users and ends what they run', async t => {
  const scripts = await startScripts(t, ['setuid', 'setgid', 'kill'])
  const pids = join(scripts.folder, 'pids')
  writeFileSync(pids, '', { mode: 0o666 })
  chmodSync(pids, 0o666)
  const hang = scripts.script('hang', `trap '' TERM; echo $$ >>${pids}; sleep 1000`)
  const rights = scripts.script('rights', 'grep -h CapEff /proc/self/status; exit 1')
  const short = { timeout: milliseconds(300), interval: seconds(900) }
  scripts.configure({
    trackers: [
      scripts.tracker({ name: 'hang', command: [hang], user: 'nobody', ...short }),
      scripts.tracker({ name: 'other', command: [rights], user: 'nobody' }),
      scripts.tracker({ name: 'root', command: [rights] }),
    ],
  })
  assert.match((await scripts.untilState('other', 'down')).why, /CapEff:\s0{16}$/)
  // 5 kill, 6 setgid, 7 setuid of linux/capability.h.
  assert.match((await scripts.untilState('root', 'down')).why, /CapEff:\s0{13}0e0$/)
  await scripts.untilState('hang', 'down')
  await until(
    'it has ended',
    () => isRunning(Number(lines(pids)[0])),
    running => !running,
  )
})
