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

test('of two thousand requests each gets its own answer', async t => {
  const told = await runInside(await box(t), 'netlink', { how: 'many' })
  assert.deepEqual(told, { right: true, there: 1333 })
})

test('a list that changes while it is read is read again, until it is whole', async t => {
  const host = await box(t)
  const lines = (command: string, third: number, count: number) =>
    Array.from({ length: count }, (_, n) => `address ${command} 10.${third}.0.${n}/32 dev eth0\n`)
  await host.must('ip', ['-batch', '-'], { input: lines('add', 1, 250).join('') })
  const changes = [...lines('add', 0, 50), ...lines('del', 0, 50)].join('')
  await host.write('/run/changes', changes)
  const unrest = await host.start('sh', ['-c', 'while ip -batch /run/changes; do :; done'])
  const { least } = await runInside<{ least: number }>(host, 'netlink', { how: 'changing' })
  await unrest.kill()
  assert.ok(least >= 250, `once only ${least} of the 250 that never changed were listed`)
})
