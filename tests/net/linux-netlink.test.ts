import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openLab } from '../lab/namespaces/lab.ts'
import { runInside } from './inside-host.ts'

const box = async (t: TestContext) => {
  const lab = await openLab(t)
  const host = await lab.host('box')
  await host.plug(await lab.switch('lan'), { name: 'eth0', address: '192.0.2.1/24' })
  return host
}

test('a malformed request is refused with its name, code and the words of the kernel', async t => {
  type Told = { answers: ([string, string, string] | null)[]; dump: string; again: unknown[] }
  const { answers, dump, again } = await runInside<Told>(await box(t), 'netlink', { how: 'odd' })
  const [unknown, attribute, right] = answers
  assert.deepEqual(unknown?.slice(0, 2), ['ODD', 'ENOTSUP'])
  assert.match(attribute?.[2] ?? '', /^ODD on type 20: .*Attribute failed policy validation/)
  assert.equal(right, null)
  assert.match(dump, /^ODD on type 22: invalid argument: .*[Ii]nvalid.* header/)
  assert.deepEqual(again, [null, 'EADDRNOTAVAIL'])
})

test('of five thousand requests each gets its own answer', async t => {
  const told = await runInside(await box(t), 'netlink', { how: 'many' })
  assert.deepEqual(told, { right: true, there: 3333 })
})

test('a list that changes while it is read is read again, until it is whole', async t => {
  const host = await box(t)
  const lines = (command: string, third: number, count: number, scope: string) =>
    Array.from({ length: count }, (_, n) => {
      return `address ${command} 10.${third}.${n >> 8}.${n & 255}/32 dev eth0 scope ${scope}\n`
    }).join('')
  await host.must('ip', ['-batch', '-'], { input: lines('add', 1, 2000, 'link') })
  // Those of a narrower scope stand first in the list: when one of them goes, all others move up.
  await host.write('/run/changes', lines('add', 0, 50, 'host') + lines('del', 0, 50, 'host'))
  const unrest = await host.start('sh', ['-c', 'while ip -batch /run/changes; do sleep 0.02; done'])
  const { least } = await runInside<{ least: number }>(host, 'netlink', { how: 'changing' })
  await unrest.kill()
  // Newer kernels do not lock the list, and may miss the one change that is just being made.
  assert.ok(least >= 1995, `once only ${least} of the 2000 that never changed were listed`)
})
