import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { pair } from '../unit/config/pair.ts'
import { startInside, told } from './inside-host.ts'

type Told = { readonly report: string; readonly refused: number | null }

const keep = async (box: Host, document: unknown, times = 1): Promise<readonly Told[]> => {
  const program = await startInside(box, 'firewall', { document, times })
  assert.equal((await program.closed).code, 0, program.output)
  return told<Told>(program)
}

const services = { shop: { virtual: ['192.0.2.100:80'], servers: { one: '192.0.2.9:80' } } }
const management = { networks: ['192.0.2.8/29'] }
const document = pair({ cluster: { services }, node: { firewall: { management } } })

test('what is balanced, management and answers come in; the rest is counted', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = async (name: string, n: number): Promise<Host> => {
    const one = await lab.host(name)
    await one.plug(lan, { name: 'eth0', address: [`192.0.2.${n}/24`, `2001:db8::${n}/64`] })
    return one
  }
  const [box, admin, stranger] = [
    await host('box', 1),
    await host('admin', 9),
    await host('stranger', 77),
  ]
  await box.must('ip', ['address', 'add', '192.0.2.100/32', 'dev', 'eth0'])
  for (const port of [80, 443, 8080]) {
    const listener = await box.start('socat', [
      '-d',
      '-d',
      `TCP6-LISTEN:${port},fork`,
      'EXEC:echo hello',
    ])
    await listener.until(/listening/)
  }
  const server = await admin.start('socat', ['-d', '-d', 'TCP-LISTEN:99,fork', 'EXEC:echo here'])
  await server.until(/listening/)
  const asks = async (from: Host, to: string): Promise<boolean> => {
    const { stdout } = await from.run('socat', ['-T3', '-', `TCP:${to},connect-timeout=1`])
    return /hello|here/.test(stdout)
  }
  assert.equal(await asks(stranger, '192.0.2.1:8080'), true, 'open before')

  assert.deepEqual(await keep(box, document, 2), [
    { report: 'set', refused: 0 },
    { report: 'as-wanted', refused: 0 },
  ])
  assert.equal(await asks(stranger, '192.0.2.100:80'), true, 'a service')
  assert.equal(await asks(stranger, '192.0.2.1:80'), false, 'its port at another address')
  assert.equal(await asks(stranger, '192.0.2.1:8080'), false, 'what nobody balances')
  assert.equal(await asks(admin, '192.0.2.1:443'), true, 'the page from the management network')
  assert.equal(await asks(stranger, '192.0.2.1:443'), false, 'the page from elsewhere')
  assert.equal(await asks(stranger, '[2001:db8::1]:443'), false, 'nor with IPv6')
  assert.equal(await asks(box, '192.0.2.9:99'), true, 'what the box itself asks is answered')
  assert.equal(await stranger.pings('192.0.2.1'), true)
  assert.equal(await stranger.pings('2001:db8::1'), true)

  const listed = await box.must('nft', ['list', 'counter', 'inet', 'diarch_firewall', 'refused'])
  assert.ok(Number(/packets (\d+)/.exec(listed)?.[1]) >= 4, listed)
  const { stdout: tracked } = await box.run('cat', ['/proc/sys/net/netfilter/nf_conntrack_count'])
  assert.match(tracked, /^(0\n)?$/, 'no connection is tracked')

  const off = pair({ node: { firewall: { enabled: false } } })
  assert.deepEqual(await keep(box, off), [{ report: 'removed', refused: null }])
  assert.equal(await asks(stranger, '192.0.2.1:8080'), true)
})
