import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Target } from '../../appliance/health/question.ts'
import { type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import type { Diarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { guardedPair } from './guard-pair.ts'
import { startInside, told } from './inside-host.ts'
import { assertFound, type Found, targetAt } from './probe-question.ts'
import { chapters, holdsVirtual, until } from './vrrp-network.ts'

const [four, six] = ['192.0.2.9', '2001:db8::9']

/** A gateway as many are: it forwards, and answers no ping. */
const wall = `table inet wall {
  chain in {
    type filter hook input priority 0
    icmp type echo-request drop
    icmpv6 type echo-request drop
  }
}`

const linkLocal = async (host: Host): Promise<IpAddress> => {
  const shown = await host.must('ip', ['-6', 'address', 'show', 'dev', 'eth0', 'scope', 'link'])
  return ipAddress(/inet6 (\S+)\//.exec(shown)?.[1] ?? '')
}

const ask = async (
  host: Host,
  targets: readonly Target[],
  within: number,
): Promise<readonly Found[]> => {
  const asks = targets.map(target => ({ question: { kind: 'arp' }, target, within }))
  const program = await startInside(host, 'probe', { asks })
  const { code } = await program.closed
  assert.equal(code, 0, program.output)
  return told<Found>(program)
}

test('one owner first: a gateway that answers no ping is the witness, by ARP and ND', async t => {
  const pace = { interval: '100ms', timeout: '100ms', retryInterval: '50ms', fall: 2 }
  const asked = (address: string) => ({ kind: 'check', check: 'asked', address })
  const scene = await guardedPair(
    t,
    { policy: 'one-owner-first', witnesses: ['four', 'six'], witnessesNeeded: 2 },
    {
      checks: { asked: { kind: 'arp', ...pace } },
      trackers: { four: asked(four), six: asked(six) },
    },
  )
  const { one, two, client, links, beside, first, second } = scene
  const chapter = chapters(t, scene)
  await client.must('nft', ['-f', '-'], { input: wall })
  const mac = await client.mac('eth0')
  const answered = async (box: Diarch) => {
    const { trackers } = await box.status()
    return trackers.every(({ state, why }) => state === 'up' && why.startsWith(mac))
  }
  for (const box of [first, second]) await until('both answer', () => answered(box))

  await chapter('what is asked of whom, and how it fails', async () => {
    assert.deepEqual(await Promise.all([one.pings(four), one.pings(six)]), [false, false])
    const near = await linkLocal(client)
    const nobody = '192.0.2.77'
    // The kernel knows a neighbour that is not there: that is no answer.
    await one.must('ip', ['neighbour', 'add', nobody, 'lladdr', mac, 'dev', 'eth0'])
    const at = (address: string, more: Partial<Target> = {}): Target => {
      return { ...targetAt(address, null), ...more }
    }
    const answering = [at(four), at(six), at(near, { interface: 'eth0' })]
    const has = new RegExp(`^passed: ${mac} on eth0 has it, and said so in [\\d.]+ ms$`)
    assertFound(await ask(one, answering, 20_000), [has, has, has])
    const silent = [
      at(four, { interface: 'eth1' }),
      at(near),
      at(nobody),
      at('203.0.113.1'),
      at(six, { interface: 'eth7' }),
    ]
    assertFound(await ask(one, silent, 200), [
      /^timeout: 192\.0\.2\.9 does not answer ARP on eth1$/,
      /^cannot-ask: fe80:\S+ may be on any cable: the check needs an interface$/,
      /^timeout: 192\.0\.2\.77 does not answer ARP on eth0$/,
      /^unreachable: no interface that is up has 203\.0\.113\.1 in its network: name the interface/,
      /^unreachable: eth7 is down, or no Ethernet$/,
    ])
  })

  await chapter('the master is cut off: it gives up, and the other one leads', async () => {
    await Promise.all([links[0].silence(), beside[0].silence()])
    const { why } = await first.untilRouter('V1', 'FAULT')
    assert.match(why, /^isolated: .* no answer comes from (four|six|four, six)$/)
    await second.untilRouter('V1', 'MASTER')
    assert.equal(await holdsVirtual(one), false)
    await Promise.all([links[0].heal(), beside[0].heal()])
  })

  await chapter('one of the two protocols alone is not enough', async () => {
    for (const protocol of ['arp', 'ip6']) {
      // What the gateway says of itself does not leave it.
      const type = protocol === 'arp' ? 'arp operation reply' : 'icmpv6 type nd-neighbor-advert'
      const rule = `ether saddr ${mac} ${type} drop`
      const mute = `table netdev mute {
        chain out { type filter hook egress device eth0 priority 0; ${rule}; }
      }`
      await client.must('nft', ['-f', '-'], { input: mute })
      await beside[1].silence()
      await links[1].silence()
      await first.untilRouter('V1', 'FAULT')
      await client.must('nft', ['delete', 'table', 'netdev', 'mute'])
      await first.untilRouter('V1', 'MASTER')
      assert.equal(await holdsVirtual(two), false)
      await links[1].heal()
      await beside[1].heal()
      await second.untilRouter('V1', r => r.state === 'BACKUP' && r.master?.priority === 150)
    }
  })

  await chapter('and all is well in the end', () => until('one owner', () => holdsVirtual(one)))
})
