import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'

const tree = join(import.meta.dirname, '../..')
const program = join(tree, 'appliance/cli/diarch')
const runDir = '/run/diarch'

async function startBox(host: Host): Promise<void> {
  const folders = ['--state', '/run/state', '--run', runDir, '--web-port', '0']
  const supervisor = await host.start(program, ['run', ...folders])
  await supervisor.until(/web is running/, { within: seconds(60) })
}

const diarch = (host: Host, ...args: readonly string[]): Promise<string> =>
  host.must(program, [...args, '--run', runDir])

const found = async (host: Host) =>
  JSON.parse(await diarch(host, 'pair', 'discover', '--json')).boxes

test('a box is found on its segment while it shows a code, and only then', async t => {
  execFileSync('bash', [join(tree, 'appliance/linux/native/build.sh')])
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [first, second] = [await lab.host('first'), await lab.host('second')]
  await first.plug(lan, { name: 'eth0', address: ['192.0.2.11/24', '2001:db8::11/64'] })
  // Its address is of another network: IPv6 finds the other one all the same.
  await second.plug(lan, { name: 'eth0', address: '198.51.100.12/24' })
  await Promise.all([startBox(first), startBox(second)])

  assert.deepEqual(await found(second), [])
  await diarch(first, 'pair', 'code')
  const [box, ...more] = await found(second)
  assert.deepEqual(more, [])
  assert.deepEqual([box.name, box.port], ['first', 4343])
  assert.deepEqual(box.addresses, ['192.0.2.11', '2001:db8::11'])
  assert.match(await diarch(second, 'pair', 'discover'), /^first at 192\.0\.2\.11, 2001:db8::11, v/)

  // Without IPv6, in one network.
  await second.must('sysctl', ['-q', 'net.ipv6.conf.eth0.disable_ipv6=1'])
  assert.deepEqual(await found(second), [])
  await second.must('ip', ['address', 'add', '192.0.2.12/24', 'dev', 'eth0'])
  assert.equal((await found(second)).length, 1)

  await diarch(first, 'pair', 'code', '--end')
  assert.deepEqual(await found(second), [])

  // Paired, the two hear each other beside VRRP, and nobody has written that down.
  const virtual = { virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] }
  const cluster = { routers: { VI_1: { interface: 'eth0', ...virtual } } }
  await first.write('/run/it.json', JSON.stringify({ schemaVersion: 2, cluster }))
  await diarch(first, 'config', 'apply', '--yes', '/run/it.json')
  const [code = ''] = (await diarch(first, 'pair', 'code')).split('\n')
  await second.write('/run/code', code)
  const typed = `pair join 192.0.2.11 --code-stdin --run ${runDir} < /run/code`
  await second.must('sh', ['-c', `${program} ${typed}`])
  for (const [host, peer] of [
    [first, '192.0.2.12'],
    [second, '192.0.2.11'],
  ] as const) {
    await until(host, 'the path is up', ['status', '--json'], text => {
      const [path] = JSON.parse(text).guard?.paths ?? []
      return path?.name === 'pair' && path.peer === peer && path.state === 'up'
    })
    await until(host, 'in sync', ['pair'], text => /^in-sync/.test(text))
    assert.doesNotMatch(await diarch(host, 'pair'), /diarch pair heartbeats/)
  }
  assert.match(await diarch(second, 'pair', 'heartbeats'), /has paths beside VRRP already/)

  // A pair from before has none: it says so, and how to get them.
  await diarch(second, 'config', 'unset', 'node.heartbeats')
  assert.match(await diarch(second, 'pair'), /by VRRP alone: "diarch pair heartbeats", on each/)
  assert.match(await diarch(second, 'pair', 'heartbeats'), /beside VRRP: eth0, 192\.0\.2\.11/)
  assert.doesNotMatch(await diarch(second, 'pair'), /by VRRP alone/)
})

async function until(
  host: Host,
  what: string,
  words: readonly string[],
  fits: (text: string) => boolean,
): Promise<void> {
  for (const end = performance.now() + 60_000; ; ) {
    const text = await diarch(host, ...words)
    if (fits(text)) return
    assert.ok(performance.now() < end, `${what}: ${text}`)
  }
}
