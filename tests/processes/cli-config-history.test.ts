import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
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

  test('two writers: the second one sees what the first one did', async t => {
    const { diarch, file } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    await diarch(['config', 'set', 'cluster.routers.VI_1.priority', '120'])
    const mine = file('mine.json', pair({ advertInterval: '2s' }))
    const late = await diarch(['config', 'apply', mine, '--parent', '1'])
    assert.equal(late.status, 1)
    assert.match(late.stderr, /^ {2}revision 2 by ada .*\n {2}.*VI_1\.priority: 150 -> 120$/m)
    assert.equal((await diarch(['config', 'get', 'cluster.routers.VI_1.priority'])).stdout, '120\n')
  })

  test('history, differences, and the way back', async t => {
    const { diarch, file, folder } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    const priority = 'cluster.routers.VI_1.priority'
    await diarch(['config', 'set', priority, '120', '--reason', 'quieter'])
    const history = (await diarch(['config', 'history'])).stdout.split('\n')
    assert.match(history[0] ?? '', /^REVISION +AT +BY +WHY$/)
    assert.match(history[2] ?? '', /^2 +20.* UTC +ada \(on the box\) +quieter$/)
    const diff = async (...args: string[]) => (await diarch(['config', 'diff', ...args])).stdout
    const line = 'cluster.routers.VI_1.priority: 150 -> 120\n'
    assert.deepEqual([await diff(), await diff('1'), await diff('1', '2')], [line, line, line])
    assert.equal(await diff(file('pair.json', pair())), `${priority}: 120 -> 150\n`)
    assert.equal(await diff('2'), 'nothing differs\n')
    assert.equal((await diarch(['config', 'diff', '1', '--exit-code'])).status, 4)

    const rehearsal = await diarch(['config', 'rollback', '--dry-run'])
    assert.match(rehearsal.stdout, /priority: 120 -> 150\n.*^a dry run: nothing is changed$/ms)
    const back = await diarch(['config', 'rollback'])
    assert.match(back.stdout, /^in force: revision 3 by ada .*: back to revision 1$/m)
    assert.equal((await diarch(['config', 'get', priority])).stdout, '150\n')
    assert.equal((await diarch(['config', 'rollback', '2'])).status, 0)
    assert.equal((await diarch(['config', 'get', priority])).stdout, '120\n')
    const none = await diarch(['config', 'rollback', '77'])
    assert.equal(none.status, 1)
    assert.match(none.stderr, /There is no revision 77/)

    writeFileSync(join(folder, 'state/config/revisions/00000002.json'), 'not what was written')
    const { stdout, stderr } = await diarch(['config', 'history'])
    assert.match(stderr, /^damaged: .*00000002\.json: .+$/m)
    assert.match(stdout, /^1 .*\n2 +\(damaged\)\n3 .*\n4 /m)
  })
})
