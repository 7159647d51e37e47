import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diarch } from '../lab/namespaces/diarch.ts'
import { carrierGoes, guardedPair, killedInSilence } from './guard-pair.ts'
import { chapters, downInterval, holdsVirtual, takeover, until } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']
const due = downInterval(100, 100)
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Adverts do not leave the box. */
const wall = `table inet wall {
  chain out { type filter hook output priority 0; ip protocol 112 drop; }
}`

const alarms = async (box: Diarch) => (await box.status()).alarms.map(({ reason }) => reason)

test('two boxes that hear each other beside VRRP', async t => {
  const scene = await guardedPair(t)
  const { one, two, links, beside, seen, first, second } = scene
  const chapter = chapters(t, scene)

  await chapter('adverts are blocked, the second path is fine: no takeover, an alarm', async () => {
    for (const host of [one, two]) await host.must('nft', ['-f', '-'], { input: wall })
    await second.untilEvent(e => e.about === 'V1' && e.event === 'adverts-missing')
    await sleep(3000)
    assert.equal((await second.router('V1')).state, 'BACKUP')
    assert.equal(await holdsVirtual(two), false)
    assert.deepEqual(await alarms(second), ['adverts-missing'])
    for (const host of [one, two]) await host.must('nft', ['delete', 'table', 'inet', 'wall'])
    await second.untilEvent(e => e.event === 'adverts-missing-over')
  })

  await chapter('the carrier goes at the master: the other one hears of it at once', () =>
    carrierGoes(scene, due),
  )

  await chapter('vrrpd is killed, and nobody on the clients’ switch can hear of it', () =>
    killedInSilence(scene, due),
  )

  await chapter(
    'every path is cut and one comes back: two owners, until they hear it',
    async () => {
      await beside[0].silence()
      await links[0].silence()
      await second.untilRouter('V1', 'MASTER')
      await first.untilEvent(e => e.event === 'path-silent')
      await sleep(500)
      await beside[0].heal()
      await second.untilRouter('V1', r => r.state === 'BACKUP' && r.why.includes('heartbeats'))
      // Whoever is heard first: the other one has given way before it says a word.
      const told = async () =>
        (await Promise.all([first.events(), second.events()]))
          .flat()
          .find(e => e.event === 'split-brain-over')
      await until('one of them tells', async () => (await told()) !== undefined)
      assert.match(
        (await told())?.text ?? '',
        /^two boxes had the addresses for [\d.]+ s; .*192\.0\.2\.[12] says so over beside/,
      )
      await links[0].heal()
    },
  )

  await chapter('adverts and heartbeats are blocked: ARP says that there are two', async () => {
    const begun = new Date().toISOString()
    for (const host of [one, two]) await host.must('nft', ['-f', '-'], { input: wall })
    await beside[0].silence()
    await second.untilRouter('V1', 'MASTER')
    const { text } = await first.untilEvent(e => e.at > begun && e.event === 'split-brain')
    assert.match(text, new RegExp(`192\\.0\\.2\\.100 is at ${await two.mac('eth0')} too, by ARP`))
    assert.ok((await alarms(first)).includes('split-brain'))
    for (const host of [one, two]) await host.must('nft', ['delete', 'table', 'inet', 'wall'])
    await beside[0].heal()
    await first.untilEvent(e => e.at > begun && e.event === 'split-brain-over')
  })

  await chapter(
    'the cable between them is dead, and an advert is missing: that is enough',
    async () => {
      const begun = Date.now()
      await seen.untilAdvert(a => a.source === we && a.time > begun)
      const cut = Date.now()
      await links[0].silence()
      await beside[1].cut()
      const { wait } = await takeover(seen, { from: we, to: they, since: cut })
      assert.ok(wait < due * 0.8, `${wait} ms, where ${due} ms are due`)
      await beside[1].heal()
      await links[0].heal()
    },
  )

  await chapter('and all is well in the end', async () => undefined)
})

test('one owner first: whoever a witness answers', async t => {
  const guard = { policy: 'one-owner-first', witnesses: ['client'] }
  const scene = await guardedPair(t, guard, {
    checks: {
      quickly: {
        kind: 'ping',
        interval: '100ms',
        timeout: '100ms',
        retryInterval: '50ms',
        fall: 2,
      },
    },
    trackers: { client: { kind: 'check', check: 'quickly', address: '192.0.2.9' } },
  })
  const { one, two, links, beside, seen, first, second } = scene
  const chapter = chapters(t, scene)
  const at = (text: string) => Date.parse(text)
  const answered = async (box: Diarch) => (await box.status()).trackers[0]?.state === 'up'
  for (const box of [first, second]) await until('the witness answers', () => answered(box))

  await chapter('the master is cut off: it gives up before the other one takes over', async () => {
    const cut = Date.now()
    await Promise.all([links[0].silence(), beside[0].silence()])
    const isLate = (e: { at: string; about: string }) => e.about === 'V1' && at(e.at) > cut
    const master = await second.untilEvent(e => isLate(e) && e.event === 'master')
    const fault = await first.untilEvent(e => isLate(e) && e.event === 'fault')
    assert.match(fault.text, /^isolated: .* no answer comes from client/)
    assert.ok(at(fault.at) <= at(master.at), `${fault.at} it gave up, ${master.at} the other led`)
    // What is cut last counts: an advert, or the heartbeat 350 ms before the silence.
    const silent = await second.untilEvent(e => at(e.at) > cut && e.event === 'path-silent')
    const advert = seen.adverts().findLast(a => a.source === we && a.time < at(master.at))
    const wait = at(master.at) - Math.max(at(silent.at) - 350, advert?.time ?? 0)
    // Until the adverts are missed, which takes longer than the witness, and two heartbeats more.
    assert.ok(wait > due * 1.2 && wait < 1200, `${wait} ms without an owner, where 600 ms are due`)
    assert.equal(await holdsVirtual(one), false)
    await Promise.all([links[0].heal(), beside[0].heal()])
  })

  await chapter('the backup is cut off: the master stays, and nobody else leads', async () => {
    await Promise.all([links[1].silence(), beside[1].silence()])
    await second.untilRouter('V1', 'FAULT')
    assert.equal(await holdsVirtual(two), false)
    assert.equal((await first.router('V1')).state, 'MASTER')
    await Promise.all([links[1].heal(), beside[1].heal()])
  })

  await chapter('and all is well in the end', () => until('one owner', () => holdsVirtual(one)))
})
