import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { guardedPair } from './guard-pair.ts'
import { chapters, holdsVirtual, until } from './vrrp-network.ts'

/**
 * Stands for a management controller, and keeps the state of the power in a file. With `stuck` it
 * is out of order, with `slow` it takes its time.
 */
const device = `#!/bin/sh
cd "$(dirname "$0")" || exit 1
echo "$2 $(date +%s.%N)" >>calls
[ ! -e stuck ] || exit 1
case $2 in
  status) [ "$(cat power)" = on ] || exit 2 ;;
  off)
    while [ -e slow ]; do sleep 0.05; done
    echo off >power
    ;;
  on) echo on >power ;;
esac
`

const folder = '/run/device'

const plugIn = async (host: Host): Promise<void> => {
  await host.must('mkdir', ['-p', folder])
  await host.write(`${folder}/device`, device)
  await host.must('chmod', ['755', `${folder}/device`])
  await host.write(`${folder}/power`, 'on\n')
}

const offCalls = async (host: Host): Promise<number> => {
  const { stdout } = await host.run('grep', ['-c', '^off', `${folder}/calls`])
  return Number(stdout)
}

test('the place of a silent box is taken when a device has confirmed that it is off', async t => {
  const script = (box: string, delay: string) => {
    return { kind: 'script', box, delay, timeout: '3s', command: [`${folder}/device`, box] }
  }
  const fencing = {
    policy: 'required',
    devices: { one: script('one', '0s'), two: script('two', '1s') },
  }
  const scene = await guardedPair(t, {}, { fencing }, plugIn)
  const { two, links, beside, first, second } = scene
  const chapter = chapters(t, scene)
  const cut = () => Promise.all([links[0].silence(), beside[0].silence()])
  const heal = () => Promise.all([links[0].heal(), beside[0].heal()])

  await chapter('each device is tried, and nothing is switched', async () => {
    await until('it was tried', async () => {
      const { fencing: status } = await second.status()
      return status?.devices.some(({ state, power }) => state === 'ok' && power === 'on') ?? false
    })
    const { stdout } = await second.cli('fence')
    assert.match(stdout, /one +script +one +ok +on/)
    assert.doesNotMatch(stdout, /two +script/)
    assert.equal((await second.cli('fence', 'test', 'one')).code, 0)
    assert.equal((await second.cli('fence', 'test', 'two')).code, 1)
    assert.equal(await offCalls(two), 0)
  })

  await chapter('who gives up in words is followed without a device', async () => {
    await first.cli('failover')
    await second.untilRouter('V1', 'MASTER')
    await second.cli('failover')
    await first.untilRouter('V1', 'MASTER')
    assert.equal(await offCalls(two), 0)
  })

  await chapter('all paths are cut, the device is dead: nobody takes over', async () => {
    await two.write(`${folder}/stuck`, '')
    await cut()
    await second.untilEvent(e => e.event === 'fencing-wanted')
    await second.untilEvent(e => e.event === 'fencing-failed', undefined)
    assert.equal((await second.router('V1')).state, 'BACKUP')
    assert.equal(await holdsVirtual(two), false)
    const { alarms } = await second.status()
    const reasons = alarms.map(({ reason }) => reason)
    assert.ok(reasons.includes('fencing-waits') && reasons.includes('fencing-broken'), `${reasons}`)
  })

  await chapter('it works again, and takes its time: the takeover waits for it', async () => {
    await two.write(`${folder}/slow`, '')
    await two.must('rm', [`${folder}/stuck`])
    await until('it is told', async () => (await offCalls(two)) > 1)
    assert.equal(await holdsVirtual(two), false)
    const before = Date.now()
    await two.must('rm', [`${folder}/slow`])
    const master = await second.untilEvent(e => e.event === 'master' && Date.parse(e.at) > before)
    const done = await second.untilEvent(e => e.event === 'fencing-done')
    assert.ok(Date.parse(done.at) >= before && Date.parse(master.at) >= before)
    assert.match(done.text, /^one: switch off: it was switched off, after [\d.]+ s$/)
    assert.equal(await holdsVirtual(two), true)
    // Nothing was really switched: the other one is still there, and hears of it.
    await heal()
    await first.untilRouter('V1', 'MASTER')
    await second.untilRouter('V1', 'BACKUP')
  })

  await chapter('no device ever works: a person says that the other box is off', async () => {
    await two.write(`${folder}/stuck`, '')
    const begun = new Date().toISOString()
    await cut()
    await second.untilEvent(e => e.at > begun && e.event === 'fencing-wanted')
    const { code, stderr } = await second.cli('fence', 'confirm', '--yes')
    assert.equal(code, 0, stderr)
    await second.untilRouter('V1', 'MASTER')
    const { text } = await second.untilEvent(e => e.at > begun && e.event === 'fencing-confirmed')
    assert.equal(text, 'the other box is off: an operator says so')
    await heal()
    await first.untilRouter('V1', 'MASTER')
  })

  await chapter('an operator resets the other box: off, and on again', async () => {
    await two.must('rm', [`${folder}/stuck`])
    await two.write(`${folder}/power`, 'on')
    const unsure = await second.cli('fence', 'now', 'one')
    assert.match(unsure.stderr, /say it again with --yes/)
    const { stdout } = await second.cli('fence', 'now', 'one', '--action', 'reset', '--yes')
    assert.equal(stdout, 'one: it was switched off\n')
    await second.untilEvent(e => e.event === 'fencing-done' && e.text.includes('switch on'))
    assert.equal((await two.must('cat', [`${folder}/power`])).trim(), 'on')
  })

  await chapter('and all is well in the end', () =>
    until('one owner', () => holdsVirtual(scene.one)),
  )
})
