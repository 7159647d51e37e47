import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, tree, until } from './supervisor-lab.ts'

const priority = 'cluster.routers.VI_1.priority'

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('a change on trial: the two commands, and what happens without them', async t => {
    const { diarch, file, lastNumber } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    const valueNow = async () => (await diarch(['config', 'get', priority])).stdout.trim()

    const tried = await diarch(['config', 'set', priority, '120', '--confirm', '2m'])
    assert.equal(tried.status, 0, tried.stderr)
    assert.match(tried.stdout, /^on trial: revision 1 comes back by itself in 1[12]\d s$/m)
    assert.match(tried.stdout, /^ {2}to keep it: {6}diarch config confirm$/m)
    assert.match(tried.stdout, /^ {2}to take it back: diarch config rollback$/m)
    assert.match((await diarch(['config', 'show'])).stderr, /^on trial: revision 1 comes back in/m)
    const other = await diarch(['config', 'set', priority, '110'])
    assert.equal(other.status, 1)
    assert.match(other.stderr, /Revision 2 of ada .* is on trial/)
    assert.match((await diarch(['config', 'confirm'])).stdout, /^kept: revision 3 by ada/m)
    assert.equal(await valueNow(), '120')
    assert.equal((await diarch(['config', 'confirm'])).status, 1)
    assert.match((await diarch(['config', 'history'])).stdout, /^2 .*\(on trial, else 1\)/m)

    // Kept: what was before is what was before the trial.
    assert.match((await diarch(['config', 'rollback'])).stdout, /^in force: .*back to revision 1$/m)
    assert.equal(await valueNow(), '150')

    await diarch(['config', 'set', priority, '100', '--confirm', '2m'])
    const ended = await diarch(['config', 'rollback'])
    assert.match(ended.stdout, /^in force: revision 6 /m)
    assert.equal(await valueNow(), '150')

    assert.equal((await diarch(['config', 'set', priority, '90', '--confirm', '1s'])).status, 2)
    await diarch(['config', 'set', priority, '90', '--confirm', '5s'])
    assert.equal(await lastNumber(), 7)
    await until('it goes back by itself', valueNow, value => value === '150')
    assert.equal(await lastNumber(), 8)
  })
})
