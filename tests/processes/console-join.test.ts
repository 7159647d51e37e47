import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinPair } from '../../appliance/console/join-work.ts'
import { parseCode } from '../../appliance/pairing/code.ts'
import type { Join } from '../../appliance/setup/setup.ts'
import { parseIpAddress } from '../../appliance/values/ip-address.ts'
import { document } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { PairBox } from './pair-run.ts'
import { compileNative, temporaryFolder } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('the wizard of the second box joins, and says what is wrong with the code', async t => {
    const host = new PairBox(t, temporaryFolder(), 4343)
    const joiner = await PairBox.start(t)
    await host.box.answers()
    await host.box.apply({ document: document(1) })
    const code = parseCode(await host.code()) ?? ''
    const peer = parseIpAddress('127.0.0.1')
    assert.ok(peer)
    const place = { box: 'second', port: 'lan1', address: 'dhcp', gateway: null, peer } as const
    const ask = (typed: string) =>
      joinPair(joiner.box.run.runDir, { ...place, code: typed } as Join)

    const wrong = await ask(code === '00000000' ? '11111111' : '00000000')
    assert.equal(wrong.kind, 'refused')
    assert.match(wrong.lines[0] ?? '', /^That is not the code/)
    const joined = await ask(code)
    assert.deepEqual(joined.kind, 'joined', joined.lines.join('\n'))
    const said = joined.lines.join('\n')
    assert.match(said, /^This box is in a pair with .*\nIn sync: it has all that/)
    const { cluster, node } = (await joiner.box.current()).document
    assert.deepEqual(Object.keys(cluster.services), ['web'])
    assert.deepEqual(node, { network: { interfaces: { lan1: { dhcp: true } } } })
  })
})
