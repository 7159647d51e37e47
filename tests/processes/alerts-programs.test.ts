import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Alert } from '../../appliance/alerting/alert.ts'
import { ConfiguredRun } from './configuration-run.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

compileNative()

test('an alert to a script and a FIFO, also on a box without routers', async t => {
  const folder = temporaryFolder()
  const script = join(folder, 'pager')
  const [paged, pipe] = [join(folder, 'paged'), join(folder, 'pipe')]
  const program = [
    '#!/bin/sh',
    `echo "$DIARCH_ALERT_STATE $DIARCH_ALERT_SUBJECT|$DIARCH_ALERT_TEXT|$*|$(cat)" >>${paged}`,
    'echo "the pager is silent"',
    `[ ! -e ${folder}/broken ] || exit 7`,
  ]
  writeFileSync(script, program.join('\n'), { mode: 0o755 })
  const sleeper = join(folder, 'sleeper')
  writeFileSync(sleeper, '#!/bin/sh\nsleep 60\n', { mode: 0o755 })
  // As /state is on a box.
  const state = join(folder, 'the state')
  mkdirSync(state)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec,mode=0755', 'none', state])
  t.after(() => execFileSync('umount', [state]))
  const kept = join(state, 'pager')
  writeFileSync(kept, program.join('\n'), { mode: 0o755 })
  const box = new ConfiguredRun(t, temporaryFolder())
  await box.answers()
  const rest = { topics: ['roles'] }
  const channels = {
    pager: { kind: 'script', command: [script, 'a b', '$HOME'] },
    beside: { kind: 'fifo', path: pipe },
    late: { kind: 'script', command: [sleeper], timeout: '100ms', ...rest },
    none: { kind: 'script', command: [join(folder, 'none')], ...rest },
    kept: { kind: 'script', command: [kept], ...rest },
    byShell: { kind: 'script', command: ['/bin/sh', kept, 'by shell'], ...rest },
    file: { kind: 'fifo', path: script, ...rest },
  }
  await box.apply({ document: { schemaVersion: 2, cluster: { alerts: { channels, hold: '0s' } } } })
  const tryOut = async (channel: string): Promise<string> => {
    const { status, body } = await box.ask('POST', `alerts/${channel}/test`)
    return status === 200 ? 'taken' : ((body as { detail?: string }).detail ?? String(status))
  }
  assert.equal(await tryOut('pager'), 'taken')
  assert.match(await tryOut('late'), /^it did not end within 0\.1 s and was stopped$/)
  const noexec = `on ${state} nothing is executed by itself (it is mounted noexec)`
  assert.equal(
    await tryOut('kept'),
    `${kept} cannot be run: ${noexec}. Name what runs it first: ["/bin/sh", "${kept}"] for a ` +
      'shell script',
  )
  assert.equal(await tryOut('byShell'), 'taken')
  assert.match(readFileSync(paged, 'utf8'), /^happened test\|.*\|by shell\|\{/m)
  assert.match(await tryOut('none'), /there is no \S+none$/)
  assert.match(await tryOut('file'), /is not a FIFO: remove it, or name another path$/)
  // Nobody reads: it is made all the same, and the alert is not taken.
  assert.equal(await tryOut('beside'), `nobody reads ${pipe}`)
  await box.ask('PUT', 'maintenance')
  const seen = () => (existsSync(paged) ? readFileSync(paged, 'utf8').split('\n') : [])
  const begun = await until('the script is told', seen, all =>
    all.some(line => line.startsWith('begins maintenance|')),
  )
  const [, text = '', args, json = ''] =
    begun.find(line => line.startsWith('begins maintenance|'))?.split('|') ?? []
  assert.match(text, /: maintenance begins: This box/)
  assert.equal(args, 'a b $HOME')
  const alert: Alert & { readonly product: string } = JSON.parse(json)
  assert.deepEqual([alert.product, alert.state, alert.lines.length], ['Diarch', 'begins', 1])
  const ofChannel = async (name: string) => {
    return (await statusOf(box.run.runDir))?.alerts.find(each => each.name === name)
  }
  await until(
    'it waits',
    () => ofChannel('beside'),
    one => (one?.waiting ?? 0) > 0,
  )
  // What waited comes as soon as somebody reads.
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => reader.kill('SIGKILL'))
  let read = ''
  reader.stdout.setEncoding('utf8').on('data', part => {
    read += part
  })
  const subjects = (): readonly string[] =>
    read
      .split('\n')
      .slice(0, -1)
      .map(line => (JSON.parse(line) as Alert).subject)
  await until('it is read', subjects, all => all.includes('maintenance'))
  await until(
    'the channel is well',
    () => ofChannel('beside'),
    one => one?.state === 'ok',
  )
  assert.equal(reader.exitCode, null, 'the reader sees no end')
  writeFileSync(join(folder, 'broken'), '')
  assert.equal(await tryOut('pager'), 'exit code 7, its last line: the pager is silent')
  // Whoever reads a FIFO that is no channel any more sees its end.
  await box.apply({ patch: [{ op: 'remove', path: '/cluster/alerts/channels/beside' }] })
  await until(
    'the reader sees the end',
    () => reader.exitCode,
    code => code === 0,
  )
})
