import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  constants,
  mkdirSync,
  openSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Status } from '../../appliance/status/document.ts'
import { webAnswers } from '../../appliance/supervisor/web-probe.ts'
import { bundlePage } from '../../rootfs/bundle.ts'
import { readStream } from './event-stream.ts'
import { compileNative, isAlive, temporaryFolder, tree, until } from './supervisor-lab.ts'
import { ask, cli, startRun, statusOf, whenOk } from './supervisor-run.ts'

before(async () => {
  compileNative()
  // The web process serves it from where the bundles would be.
  await bundlePage(join(tree, 'build/lib'))
})

const diarch = (...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: tree })

const isRoot = process.getuid?.() === 0

test('diarch run is up, seen from outside, and down again in order', async t => {
  const folder = temporaryFolder()
  const uid = isRoot ? 65534 : undefined
  if (uid !== undefined) chmodSync(folder, 0o777)
  const run = startRun(t, folder, uid === undefined ? {} : { uid })
  const status = await whenOk(run)
  assert.equal(status.slot, null)
  assert.deepEqual(
    status.processes.map(({ name, state }) => [name, state]),
    [['web', 'running']],
  )
  assert.ok(status.web !== null && status.web.port > 0)

  const shown = diarch('status', '--run', run.runDir, '--json')
  assert.equal(shown.status, 0)
  assert.equal((JSON.parse(shown.stdout) as Status).product, 'Diarch')
  assert.match(diarch('status', '--run', run.runDir).stdout, /^Diarch \S+ on \S+: ok\n/)
  assert.equal(diarch('status', '--run', run.runDir, '--exit-code').status, 0)
  assert.match(diarch('log', 'supervisor', '--run', run.runDir).stdout, /web is running/)

  const web = status.processes[0]?.pid ?? 0
  const restarted = diarch('restart', 'web', '--run', run.runDir)
  assert.equal(restarted.status, 0)
  const after = await until(
    'another web process',
    () => statusOf(run.runDir),
    seen => seen?.processes[0]?.state === 'running' && seen.processes[0].pid !== web,
  )
  assert.equal(after?.processes[0]?.restarts, 1)

  run.process.kill('SIGTERM')
  assert.deepEqual([...(await run.exited)], [0, null])
  assert.match(run.output(), /supervisor: stopped\n$/)
  assert.equal(isAlive(after?.processes[0]?.pid ?? 0), false)
  assert.throws(() => statSync(join(run.runDir, 'control.sock')), { code: 'ENOENT' })
  assert.equal(diarch('status', '--run', run.runDir).status, 3)
})

test('the control socket is for its owner and group, and says no with a reason', async t => {
  const run = startRun(t, temporaryFolder())
  await whenOk(run)
  assert.equal(statSync(join(run.runDir, 'control.sock')).mode & 0o777, 0o660)
  if (isRoot) {
    chmodSync(join(run.runDir, '..'), 0o755)
    const stranger = spawnSync(process.execPath, [cli, 'status', '--run', run.runDir], {
      encoding: 'utf8',
      cwd: tree,
      uid: 65534,
      gid: 65534,
    })
    assert.equal(stranger.status, 3)
    assert.match(stranger.stderr, /no access to .*control\.sock/)
  }

  for (const [method, path, status, reason] of [
    ['GET', '/', 404, 'no-such-path'],
    ['GET', '/api/v1/status/more', 404, 'no-such-path'],
    ['DELETE', '/api/v1/status', 405, 'method-not-allowed'],
    ['GET', '/api/v1/processes/web/restart', 405, 'method-not-allowed'],
    ['POST', '/api/v1/processes/nobody/restart', 404, 'no-such-process'],
    ['GET', '/api/v1/processes/nobody/log', 404, 'no-such-process'],
    ['GET', '/api/v1/processes/..%2fweb/log', 404, 'no-such-path'],
  ] as const) {
    const answer = await ask(run.runDir, method, path)
    assert.equal(answer.status, status, path)
    assert.equal(answer.type, 'application/problem+json')
    assert.equal(answer.body.reason, reason, path)
  }
  const refused = diarch('restart', 'nobody', '--run', run.runDir)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /no process "nobody"\. There are: web/)
})

test('a second supervisor is refused and the first does not notice', async t => {
  const folder = temporaryFolder()
  const run = startRun(t, folder)
  await whenOk(run)
  const second = startRun(t, folder)
  assert.deepEqual([...(await second.exited)], [1, null])
  const [last] = second.output().trim().split('\n').slice(-1)
  assert.match(
    last ?? '',
    /^supervisor: failed: another supervisor keeps its state in .*\/state: stop it, or use another/,
  )
  assert.equal((await statusOf(run.runDir))?.health.state, 'ok')
})

test('a supervisor that is killed takes its children with it, and the next one starts', async t => {
  const folder = temporaryFolder()
  const first = startRun(t, folder)
  const web = (await whenOk(first)).processes[0]?.pid ?? 0
  first.process.kill('SIGKILL')
  await first.exited
  await until(
    'web has gone',
    () => isAlive(web),
    alive => !alive,
  )
  assert.ok(statSync(join(first.runDir, 'control.sock')).isSocket(), 'it left its socket')
  assert.equal(diarch('status', '--run', first.runDir).status, 3)
  const second = startRun(t, folder)
  await whenOk(second)
})

test('what is in the way of the socket is not removed', async t => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'run'))
  const path = join(folder, 'run/control.sock')
  writeFileSync(path, 'precious')
  const run = startRun(t, folder)
  assert.deepEqual([...(await run.exited)], [1, null])
  assert.match(run.output(), /control\.sock is not a socket: remove it/)
  assert.equal(statSync(path).size, 8)
})

test('a port in use is an alarm with its reason in the log, and it recovers', async t => {
  const blocker = createServer()
  await new Promise<void>(resolve => blocker.listen(0, '::', resolve))
  t.after(() => blocker.close())
  const address = blocker.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const folder = temporaryFolder()
  const run = startRun(t, folder, { webPort: port })
  const degraded = await until(
    'an alarm',
    () => statusOf(run.runDir),
    seen => (seen?.alarms.length ?? 0) > 0,
    60_000,
  )
  assert.equal(degraded?.alarms[0]?.reason, 'process-failing')
  assert.equal(degraded?.health.state, 'degraded')
  assert.equal(diarch('status', '--run', run.runDir, '--exit-code').status, 4)
  assert.match(diarch('log', 'web', '--run', run.runDir).stdout, /port \d+ is in use by/)
  blocker.close()
  await until(
    'web runs',
    () => statusOf(run.runDir),
    seen => seen?.processes[0]?.state === 'running',
    60_000,
  )
})

test('the stream tells a change within a second', async t => {
  const run = startRun(t, temporaryFolder())
  const web = (await whenOk(run)).processes[0]?.pid ?? 0
  const states: (string | undefined)[] = []
  const stream = readStream(t, join(run.runDir, 'control.sock'), '/api/v1/status/stream')
  await until(
    'the first document',
    () => stream.events.length,
    n => n > 0,
  )
  process.kill(web, 'SIGKILL')
  await until(
    'the change',
    () => {
      const state = (stream.document() as Status).processes[0]?.state
      if (states.at(-1) !== state) states.push(state)
      return states
    },
    seen => seen.includes('backing-off') && seen.at(-1) === 'running',
  )
})

test('the health gate believes a page only with the certificate that was announced', async t => {
  const { web } = await whenOk(startRun(t, temporaryFolder()))
  assert.ok(web !== null)
  assert.equal(await webAnswers(web), true)
  assert.equal(await webAnswers({ ...web, fingerprint: Array(32).fill('00').join(':') }), false)
  assert.equal(await webAnswers({ ...web, port: 1 }), false)
})

test('a log reader that stands still does not stop the supervisor', async t => {
  const folder = temporaryFolder()
  const fifo = join(folder, 'log-pipe')
  execFileSync('mkfifo', [fifo])
  // Opened for both, so that it does not wait for a partner; nobody ever reads.
  const unread = openSync(fifo, 'r+')
  const filler = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
  assert.throws(
    () => {
      for (;;) writeSync(filler, 'x'.repeat(4096))
    },
    { code: 'EAGAIN' },
  )
  const run = startRun(t, folder, { stdout: unread })
  const web = (await whenOk(run)).processes[0]?.pid ?? 0
  process.kill(web, 'SIGKILL')
  await until(
    'web runs again',
    () => statusOf(run.runDir),
    seen => seen?.processes[0]?.state === 'running' && seen.processes[0].pid !== web,
  )
})

test('the command line is refused with code 2 and explained with 0', () => {
  for (const args of [[], ['nothing'], ['run', '--web-port', '65536'], ['log'], ['status', 'x']]) {
    assert.equal(diarch(...args).status, 2, args.join(' '))
  }
  const commands = ['run', 'status', 'log', 'restart', 'version']
  for (const args of [['--help'], ...commands.map(command => [command, '--help'])]) {
    const { status, stdout } = diarch(...args)
    assert.equal(status, 0)
    assert.match(stdout, /Examples:/, args.join(' '))
  }
  assert.match(diarch('version').stdout, /^diarch \d+\.\d+\.\d+ \(\S+\)\n$/)
})
