import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { inOwnNetwork } from './own-network.ts'
import { type PairBox, twoBoxes } from './pair-run.ts'
import { compileNative, tree } from './supervisor-lab.ts'
import { cli } from './supervisor-run.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a pair by the command line: code, join, status, leave', async t => {
    const [host, joiner] = await twoBoxes(t)
    assert.match((await diarch(host, 'pair')).stdout, /^single: this box is paired with nobody\n$/)

    const shown = await diarch(host, 'pair', 'code')
    const code = /^(\d{4}-\d{4})\n/.exec(shown.stdout)?.[1] ?? ''
    assert.match((await diarch(host, 'pair')).stdout, /another box may join until/)
    const nobodyAsked = await diarch(joiner, 'pair', 'join', host.address)
    assert.deepEqual([nobodyAsked.status, nobodyAsked.stdout], [2, ''])
    const input = `${code}\n`
    const joined = await diarch(joiner, 'pair', 'join', host.address, '--code-stdin', { input })
    assert.match(joined.stdout, /^in-sync: .* has the same configuration\n$/, joined.stderr)

    assert.match((await diarch(joiner, 'status')).stdout, /^pair {6}in-sync: /m)
    const { stdout } = await diarch(joiner, 'pair', '--json')
    assert.equal(JSON.parse(stdout).state, 'in-sync')
    const { stdout: paired } = await diarch(joiner, 'pair')
    assert.match(paired, /^peer: .* at 127\.0\.0\.1, version/m)
    const shownKeys = /^its key: (SHA-256 .*), since .*\nkey of this box: (SHA-256 .*), since .*Z$/m
    const [, ...oldKeys] = shownKeys.exec(paired) ?? []
    assert.equal(oldKeys.length, 2, paired)
    const none = await diarch(host, 'pair', 'rotate-keys', '--only', 'adverts')
    assert.match(none.stderr, /no router signs its adverts/)
    const renewed = await diarch(joiner, 'pair', 'rotate-keys')
    const said =
      /^this box has a new key, (.*)\n.* has a new key, (.*)\nno router signs its adverts/
    const [, ours, theirs] = said.exec(renewed.stdout) ?? []
    assert.ok(ours && theirs, renewed.stdout + renewed.stderr)
    const after = (await diarch(joiner, 'pair')).stdout
    assert.ok(
      after.includes(`its key: ${theirs},`) && after.includes(`of this box: ${ours},`),
      after,
    )
    assert.ok(
      oldKeys.every(key => !after.includes(key)),
      after,
    )
    const secret = `hex:${'ab'.repeat(32)}`
    const hmac = { keys: [{ id: 255, secret }] }
    const virtual = { virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] }
    const value = { VI_1: { interface: 'gone0', ...virtual, authentication: { hmac } } }
    const path = '/cluster/routers'
    await host.box.apply({ patch: [{ op: 'add', path, value }] })
    const rotated = await diarch(joiner, 'pair', 'rotate-keys', '--only', 'adverts')
    assert.match(
      rotated.stdout,
      /know the new keys\n.*sign with them\n.*forgotten\n$/,
      rotated.stderr,
    )
    const { document } = await host.box.current()
    const { keys, activeKey } = document.cluster.routers.VI_1.authentication.hmac
    assert.deepEqual([keys.map(({ id }: { id: number }) => id), activeKey], [[0], 0])
    assert.match((await diarch(host, 'pair', 'discover')).stdout, /^no box on the networks of this/)

    const again = await diarch(joiner, 'pair', 'join', host.address, '--code-stdin', { input })
    assert.match(again.stderr, /^diarch: This box is paired with .*"diarch pair leave" ends that/)
    const resolved = await diarch(host, 'pair', 'resolve', '--keep', 'ours')
    assert.match(resolved.stderr, /^diarch: The two boxes are in no conflict/)
    assert.equal((await diarch(host, 'pair', 'leave')).status, 0)
    await joiner.state('single')
  })
})

type Said = { readonly status: number; readonly stdout: string; readonly stderr: string }

function diarch(box: PairBox, ...words: readonly (string | { readonly input: string })[]) {
  const args = words.filter(word => typeof word === 'string')
  const input = words.flatMap(word => (typeof word === 'string' ? [] : [word.input])).join('')
  const env = { ...process.env, DIARCH_RUN: box.box.run.runDir, SUDO_USER: 'ada' }
  return new Promise<Said>(resolve => {
    const child = execFile(
      process.execPath,
      [cli, ...args],
      { cwd: tree, env, timeout: 90_000 },
      (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      },
    )
    child.stdin?.end(input)
  })
}
