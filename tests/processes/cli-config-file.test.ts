import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, tree } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('a configuration in a file is looked at here, and changed there', async t => {
    const path = join(temporaryFolder(), 'pair.json')
    const write = (router: object) => writeFileSync(path, JSON.stringify(pair(router)))
    write({})
    const { diarch, file } = await startBox(t, path)
    const shown = await diarch(['config', 'show'])
    assert.deepEqual(JSON.parse(shown.stdout), pair())
    assert.match(shown.stderr, /^read from \/.*\/pair\.json, 20\d\d-.* UTC\n$/)
    const priority = 'cluster.routers.VI_1.priority'
    assert.equal((await diarch(['config', 'get', priority])).stdout, '150\n')
    assert.match((await diarch(['config', 'history'])).stdout, /^1 .* FILE \/.*pair\.json$/m)
    const mine = file('mine.json', pair({ priority: 120 }))
    assert.equal((await diarch(['config', 'diff', mine])).stdout, `${priority}: 150 -> 120\n`)
    for (const args of [['set', priority, '120'], ['apply', mine], ['edit'], ['rollback']]) {
      const refused = await diarch(['config', ...args])
      assert.equal(refused.status, 1, args.join(' '))
      assert.match(refused.stderr, /pair\.json/, args.join(' '))
    }
    write({ priority: 120 })
    assert.match((await diarch(['reload'])).stdout, /^the configuration is in force$/m)
    assert.equal((await diarch(['config', 'get', priority])).stdout, '120\n')
    write({ priority: 0 })
    const bad = await diarch(['reload'])
    assert.equal(bad.status, 5)
    assert.match(bad.stderr, /VI_1\.priority is 0, expected a whole number from 1 to 255/)
  })

  test('nobody there: exit code 3', async t => {
    const { diarch } = await startBox(t)
    const gone = await diarch(['config', 'show', '--run', temporaryFolder()])
    assert.equal(gone.status, 3)
    assert.match(gone.stderr, /no supervisor answers on .*control\.sock: none runs there/)
  })
})
