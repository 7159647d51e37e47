import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, tree } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('a box without a configuration gets one, and says what it has', async t => {
    const { diarch, file, folder } = await startBox(t)
    const none = await diarch(['config', 'show'])
    assert.deepEqual([none.status, none.stdout], [1, ''])
    assert.match(none.stderr, /there is no configuration yet: "diarch config apply FILE" brings/)
    assert.match((await diarch(['config', 'history'])).stdout, /^there is no configuration yet$/m)

    const first = file('pair.json', pair())
    const rehearsal = await diarch(['config', 'apply', first, '--dry-run'])
    assert.deepEqual([rehearsal.status, rehearsal.stderr], [0, ''])
    assert.match(rehearsal.stdout, /^a dry run: nothing is changed$/m)
    const applied = await diarch(['config', 'apply', first, '--reason', 'the beginning'])
    assert.deepEqual([applied.status, applied.stderr], [0, ''])
    assert.match(applied.stdout, /^ {2}\S.*\n.*^on this box:\n {2}routers: .*VI_1: new, begins/ms)
    assert.match(applied.stdout, /^in force: revision 1 by ada \(on the box\), .*: the beginning$/m)

    const shown = await diarch(['config', 'show'])
    assert.deepEqual(JSON.parse(shown.stdout), pair())
    assert.match(shown.stderr, /^revision 1 by ada \(on the box\), \d{4}-.* UTC: the beginning$/m)
    const again = await diarch(['config', 'apply', first])
    assert.deepEqual([again.status, again.stdout], [0, 'nothing to change: it is so already\n'])

    const save = join(folder, 'saved.json')
    writeFileSync(save, '')
    assert.equal((await diarch(['config', 'export', '--secrets', '--output', save])).status, 0)
    assert.equal(statSync(save).mode & 0o777, 0o600)
    assert.deepEqual(JSON.parse(readFileSync(save, 'utf8')), pair())
    assert.match((await diarch(['config', 'import', save])).stdout, /^nothing to change/)
  })

  test('one value: get, set and unset', async t => {
    const { diarch, file, lastNumber } = await startBox(t)
    const addresses = ['192.0.2.100/24', '192.0.2.101/24']
    await diarch(['config', 'apply', file('pair.json', pair({ virtualAddresses: addresses }))])
    const get = (path: string) => diarch(['config', 'get', path])
    const router = 'cluster.routers.VI_1'
    assert.equal((await get(`${router}.priority`)).stdout, '150\n')
    assert.equal((await get(`${router}.interface`)).stdout, 'wan\n')
    assert.equal((await get(`${router}.virtualAddresses[1]`)).stdout, '192.0.2.101/24\n')
    assert.deepEqual(JSON.parse((await get(`${router}.virtualAddresses`)).stdout), addresses)
    for (const [path, words] of [
      ['cluster.routers.VI1.priority', /there is no .*VI1: did you mean cluster\.routers\.VI_1\?/],
      ['cluster.router', /there is no cluster\.router: did you mean cluster\.routers\?/],
      [`${router}.virtualAddresses[2]`, /there is no .*virtualAddresses\[2\]/],
    ] as const) {
      const gone = await get(path)
      assert.deepEqual([gone.status, gone.stdout], [1, ''], path)
      assert.match(gone.stderr, words)
    }
    assert.equal((await get('a[[')).status, 2)

    const set = (...args: string[]) => diarch(['config', 'set', ...args])
    const time = await set(`${router}.advertInterval`, '2s')
    assert.equal(time.status, 0, time.stderr)
    assert.doesNotMatch(time.stdout, /taken as text/)
    assert.match(time.stdout, /^ {2}cluster\.routers\.VI_1\.advertInterval: added "2s"$/m)
    assert.doesNotMatch((await set(`${router}.priority`, '140')).stdout, /taken as text/)
    await set(`${router}.virtualAddresses[0]`, '192.0.2.102/24')
    await set(`${router}.virtualAddresses[2]`, '"192.0.2.103/24"')
    const now = JSON.parse((await get(`${router}.virtualAddresses`)).stdout)
    assert.deepEqual(now, ['192.0.2.102/24', '192.0.2.101/24', '192.0.2.103/24'])

    const number = await lastNumber()
    const wrong = await set(`${router}.priority`, '256')
    assert.equal(wrong.status, 5)
    assert.match(wrong.stderr, /VI_1\.priority is 256, expected a whole number from 1 to 255/)
    const nowhere = await set('cluster.routers.VI_2.priority', '1')
    assert.equal(nowhere.status, 1)
    assert.match(nowhere.stderr, /there is no cluster\.routers\.VI_2: did you mean .*VI_1\?/)
    assert.equal((await set(`${router}.track`, '[1')).status, 2)
    assert.equal(await lastNumber(), number)

    assert.equal((await diarch(['config', 'unset', `${router}.advertInterval`])).status, 0)
    assert.equal((await get(`${router}.advertInterval`)).status, 1)
    assert.equal((await diarch(['config', 'unset', `${router}.advertInterval`])).status, 1)
  })

  test('what a format cannot say stands on standard error, each with its path', async t => {
    const { diarch, file } = await startBox(t)
    const tried = await diarch(['config', 'apply', file('p.json', pair()), '--confirm', '2m'])
    assert.match(tried.stderr, /the first one is made without a trial/)
    const odd = pair({ handover: 'at-once', secondPaths: ['far'] })
    const applied = await diarch(['config', 'apply', file('odd.json', odd), '--yes'])
    assert.equal(applied.status, 0, applied.stderr)
    const { stderr, status } = await diarch(['config', 'export', '--format', 'keepalived'])
    assert.equal(status, 4)
    assert.match(stderr, /^cluster\.routers\.VI_1\.secondPaths: keepalived /m)
    assert.doesNotMatch(stderr, /[{}]/)
  })

  test('what is refused: with file, line and what was expected; nothing is changed', async t => {
    const { diarch, file, lastNumber } = await startBox(t)
    const apply = (path: string, ...args: string[]) => diarch(['config', 'apply', path, ...args])
    await apply(file('pair.json', pair()))
    const bad = await apply(file('bad.json', pair({ priority: 0 })))
    assert.equal(bad.status, 5)
    assert.match(
      bad.stderr,
      /bad\.json:8:9: cluster\.routers\.VI_1\.priority is 0, expected a whole/,
    )
    const torn = await apply(file('torn.json', '{\n  "schemaVersion": 1,\n}\n'))
    assert.equal(torn.status, 5)
    assert.match(torn.stderr, /torn\.json:3:1: refused: .*the last entry has no comma behind it/)
    const theirs = file('keepalived.conf', 'vrrp_instance VI_1 {\n}\n')
    assert.match((await apply(theirs)).stderr, /is a keepalived\.conf: "diarch import .* --apply"/)
    assert.match((await apply(file('notes.txt', 'priority 5\n'))).stderr, /begins with "\{"/)
    assert.match(
      (await apply(join(tree, 'none.json'))).stderr,
      /none\.json cannot be read: there is no such f/,
    )
    const object = await apply(file('bad.json', pair({ priority: 0 })), '--json')
    assert.equal(object.status, 5)
    const { reason, findings } = JSON.parse(object.stdout)
    assert.deepEqual([reason, findings.length], ['configuration-refused', 1])
    assert.equal(await lastNumber(), 1)

    const piped = await diarch(['config', 'apply', '-'], { input: JSON.stringify(pair({}, {})) })
    assert.match(piped.stdout, /^nothing to change/)
    assert.equal((await apply('pair.json', '--confirm', '2')).status, 2)
    assert.equal((await diarch(['config', 'show', '--revision', 'x'])).status, 2)
    assert.equal((await diarch(['config', 'show', '--revision', '99'])).status, 1)
  })
})
