import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLab } from '../lab/namespaces/lab.ts'
import { confOf, goldens } from '../unit/keepalived-golden/golden.ts'

const named = (folder: string) => goldens.filter(name => name.startsWith(`${folder}/`))

test('keepalived -t passes what is imported as good, and warns of the other files', async t => {
  const lab = await openLab(t)
  const host = await lab.host('one')
  const [lan, back] = [await lab.switch('lan'), await lab.switch('back')]
  await host.plug(lan, { name: 'eth0', address: '10.0.0.1/24' })
  await host.plug(back, { name: 'eth1', address: '10.0.1.1/24' })
  const ask = (name: string) =>
    host.run('keepalived', ['--config-test', '--config-id=one', '--use-file', confOf(name)])

  for (const name of named('passes')) {
    const { code, stdout, stderr } = await ask(name)
    assert.equal(code, 0, `${name}: ${stdout}${stderr}`)
  }
  for (const name of named('warns')) {
    const { stdout, stderr } = await ask(name)
    assert.match(`${stdout}${stderr}`, /Line \d+/, name)
  }
})
