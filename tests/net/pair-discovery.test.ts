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
})
