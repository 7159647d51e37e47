import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Diarch } from '../lab/namespaces/diarch.ts'
import { guardedPair } from './guard-pair.ts'
import { chapters, holdsVirtual, until } from './vrrp-network.ts'

const program = join(import.meta.dirname, '../../appliance/cli/diarch')
const secret = 'the third one knows only this, and no more'
/** Longer than a box that is given the lease waits until it leads. */
const leads = 2000
const at = (text: string) => Date.parse(text)

test('one owner first: both reach the witness, and it lets only one of them in', async t => {
  const leases = { third: { address: '203.0.113.9', secret } }
  const scene = await guardedPair(t, { policy: 'one-owner-first', leases })
  const { lab, one, two, links, beside, first, second } = scene
  const chapter = chapters(t, scene)
  const far = await lab.switch('far')
  const third = await lab.host('third')
  const ways = [
    await one.plug(far, { name: 'eth2', address: '203.0.113.1/24' }),
    await two.plug(far, { name: 'eth2', address: '203.0.113.2/24' }),
  ] as const
  await third.plug(far, { name: 'eth2', address: '203.0.113.9/24' })
  await third.write('/run/secret', `${secret}\n`)
  const arguments_ = ['witness', '--listen', '203.0.113.9:9695', '--pair', 'shop=/run/secret']
  const witness = await third.start(program, arguments_)
  const lease = async (box: Diarch) => (await box.status()).guard?.leases[0]?.state
  const cutBetween = () => Promise.all([links[0].silence(), beside[0].silence()])
  const healBetween = () => Promise.all([links[0].heal(), beside[0].heal()])
  const leaseOfOne = () =>
    until('box one has the lease, and two knows it', async () => {
      return (await lease(first)) === 'held' && (await lease(second)) === 'taken'
    })
  // Of all that happened on a box since then.
  const since = async (box: Diarch, begun: number, about = 'V1') =>
    (await box.events()).filter(e => e.about === about && at(e.at) >= begun).map(e => e.event)
  await leaseOfOne()

  await chapter(
    'they do not reach each other: the master stays, the other one may not',
    async () => {
      const cut = Date.now()
      await cutBetween()
      const fault = await second.untilEvent(e => e.event === 'fault' && at(e.at) > cut)
      assert.match(fault.text, /^isolated: .* has the lease of third$/)
      // Nobody gives it up, and nobody takes it, for longer than that takes below.
      while (Date.now() < at(fault.at) + leads) {
        assert.deepEqual([await holdsVirtual(one), await holdsVirtual(two)], [true, false])
      }
      assert.deepEqual(await since(first, cut), [])
      await healBetween()
      await leaseOfOne()
    },
  )

  await chapter(
    'the master is cut off from all: it gives up, then the other one leads',
    async () => {
      const cut = Date.now()
      await Promise.all([cutBetween(), ways[0].silence()])
      const master = await second.untilEvent(e => e.event === 'master' && at(e.at) > cut)
      const fault = await first.untilEvent(e => e.event === 'fault' && at(e.at) > cut)
      assert.ok(at(fault.at) < at(master.at), `${fault.at} it gave up, ${master.at} the other led`)
      t.diagnostic(
        `no owner for ${at(master.at) - at(fault.at)} ms, ${at(master.at) - cut} ms in all`,
      )
      assert.equal(await holdsVirtual(one), false)
      assert.equal(await lease(second), 'held')
      await Promise.all([healBetween(), ways[0].heal()])
      await first.untilRouter('V1', 'MASTER')
      await leaseOfOne()
    },
  )

  await chapter('the other one leads on request: the lease goes with it', async () => {
    await first.cli('failover')
    await second.untilRouter('V1', 'MASTER')
    await until('the lease has gone over', async () => (await lease(second)) === 'held')
    const cut = Date.now()
    await cutBetween()
    await first.untilRouter('V1', 'FAULT')
    assert.deepEqual(await since(second, cut), [])
    assert.equal(await holdsVirtual(two), true)
    await healBetween()
    await first.untilRouter('V1', r => r.state !== 'FAULT')
    await second.cli('failover')
    await leaseOfOne()
  })

  await chapter('no witness any more: nobody leads alone, both say why', async () => {
    await witness.stop()
    await cutBetween()
    for (const box of [first, second]) {
      await box.untilRouter(
        'V1',
        r => r.state === 'FAULT' && /no answer comes from third/.test(r.why),
      )
    }
    await healBetween()
  })

  await chapter('and all is well in the end', async () => undefined)
})
