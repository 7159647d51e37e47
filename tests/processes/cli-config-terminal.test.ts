import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, tree } from './supervisor-lab.ts'

const priority = 'cluster.routers.VI_1.priority'

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('on a terminal it asks, after it has said what will happen', async t => {
    const { diarch, atTerminal, file } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    const valueNow = async () => (await diarch(['config', 'get', priority])).stdout
    const set = ['config', 'set', priority, '120']
    // No, Enter, Ctrl-C and Ctrl-D.
    for (const keys of ['n\r', '\r', '\x03', '\x04']) {
      const said = await atTerminal(set, [{ after: /Do it\?/, keys }])
      assert.equal(said.status, 1, said.stdout)
      assert.match(said.stdout, /priority: 150 -> 120\r\n.*VI_1.*Do it\? \[y\/N\] /s)
      assert.match(said.stdout, /diarch: nothing is changed\r\n$/)
      assert.equal(await valueNow(), '150\n')
    }
    const tried = await atTerminal(
      [...set, '--confirm', '2m'],
      [{ after: /Try it\?/, keys: 'y\r' }],
    )
    assert.equal(tried.status, 0, tried.stdout)
    assert.match(tried.stdout, /on trial: revision 1 comes back by itself/)
    assert.equal(await valueNow(), '120\n')
    assert.equal((await diarch(['config', 'confirm'])).status, 0)
    assert.equal((await atTerminal(['config', 'set', priority, '110', '--yes'], [])).status, 0)
    assert.equal(await valueNow(), '110\n')
  })

  test('what was shown is what happens: whoever was faster is not undone', async t => {
    const { diarch, atTerminal, file } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    const faster = async () => {
      await diarch(['config', 'set', 'cluster.routers.VI_1.advertInterval', '2s'])
      return 'y\r'
    }
    const args = ['config', 'set', priority, '120']
    const said = await atTerminal(args, [{ after: /Do it\?/, keys: faster }])
    assert.equal(said.status, 1, said.stdout)
    assert.match(said.stdout, /advertInterval: added "2s"/)
  })

  test('a password is asked twice and never seen', async t => {
    const { diarch, atTerminal, file } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair())])
    const twice = (first: string, second: string) => [
      { after: /Password.*: $/s, keys: `${first}\r` },
      { after: /The same again: $/, keys: `${second}\r` },
    ]
    const args = ['user', 'set', 'grace', '--role', 'admin']
    const different = await atTerminal(args, twice('correct horse', 'correct house'))
    assert.equal(different.status, 1)
    assert.match(different.stdout, /two different passwords: nothing is changed/)
    const set = await atTerminal(args, twice('correct horse', 'correct horse'))
    assert.equal(set.status, 0, set.stdout)
    assert.doesNotMatch(`${set.stdout}${different.stdout}`, /correct/)
    assert.match((await diarch(['user', 'list'])).stdout, /^grace +admin$/m)
    assert.doesNotMatch((await diarch(['config', 'show'])).stdout, /correct/)
  })
})
