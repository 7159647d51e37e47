import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import { openLab } from '../lab/namespaces/lab.ts'

const config = {
  schemaVersion: 2,
  cluster: {
    services: {
      web: {
        virtual: [{ address: '192.0.2.100', port: 80, held: false }],
        servers: { web1: '192.0.2.1' },
      },
    },
  },
}

test('whatever is asked of a director, it goes on; without IPVS it says so', async t => {
  const lab = await openLab(t)
  const host = await lab.host('box')
  await host.plug(await lab.switch('lan'), { name: 'eth0', address: '192.0.2.1/24' })
  const box = await diarch(host, config)
  // Nobody listens: refused.
  const { why } = await box.untilServer('web/web1', 'down')
  assert.match(why, /connection refused by 192\.0\.2\.1:80/)

  const { alarms } = await box.status()
  const missing = alarms.find(({ reason }) => reason === 'ipvs-refused')
  // This test also runs on kernels that have IPVS.
  if (missing !== undefined) assert.match(missing.message, /This kernel has no IPVS/)

  const connections = await box.cli('connections', 'web')
  if (missing !== undefined) assert.match(connections.stderr, /no connections.*no IPVS/)
  for (const question of [
    ['services', '--stats'],
    ['services', 'web', '--rate', '--json'],
    ['explain', 'web1'],
    ['check-now'],
    ['drain', 'web1'],
    ['weight', 'web1', '7'],
  ]) {
    const { code, stderr } = await box.cli(...question)
    assert.equal(code, 0, `${question.join(' ')}: ${stderr}`)
  }
  // The two words of the operator stand beside each other.
  const { explanation } = await box.untilServer('web/web1', 'drained')
  assert.match(explanation, /drained by operator|out/)
  const nobody = await box.cli('drain', 'web9')
  assert.equal(nobody.code, 1)
  assert.match(nobody.stderr, /there is no server "web9"\. There are: web\/web1/)

  const { processes } = await box.status()
  assert.equal(processes.find(({ name }) => name === 'director')?.restarts, 0)
})
