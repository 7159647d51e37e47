import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importKeepalived } from '../../appliance/keepalived/import.ts'
import { importPair } from '../../appliance/keepalived/import-pair.ts'
import { imported as importedByApi } from '../../appliance/supervisor/configuration/import.ts'
import { entriesOf } from './keepalived-import-words.ts'

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

test('near names are looked for among many, but not for ever', () => {
  const scripts = lines(1000, index => `vrrp_script s${index} {\nscript "/bin/a"\n}`)
  const wanted = lines(200, index => `t${index}`)
  const { findings } = importKeepalived(
    entriesOf(`${scripts}\nvrrp_instance V {\ntrack_script {\n${wanted}\n}\n}`),
  )
  const said = findings.filter(({ keyword }) => /^t\d+$/.test(keyword ?? ''))
  assert.equal(said.length, 200)
  const hints = said.filter(({ text }) => /did you mean s\d+\?/.test(text))
  assert.equal(hints.length, 50)
  assert.match(said.at(-1)?.text ?? '', /there is no script "t199": it is one of very many/)
})

test('a group that a thousand services name is not made of more than the kernel gets', () => {
  const group = `virtual_server_group g {\n${lines(700, index => `192.0.2.1 ${index + 1}`)}\n}`
  const services = lines(100, () => 'virtual_server group g {\nprotocol TCP\n}')
  const { document, findings } = importKeepalived(entriesOf(`${group}\n${services}`))
  const { cluster } = document as { readonly cluster: { readonly services: object } }
  assert.equal(Object.keys(cluster.services).length, 93)
  const refused = findings.filter(({ text }) => text.includes('at most 65536 addresses and ports'))
  assert.equal(refused.length, 7)
})

test('what differs between two files stands at the first line that it is of', () => {
  const node = (priority: string) =>
    entriesOf(`vrrp_instance V {\ninterface eth0\nvirtual_router_id 7\n${priority}\n}`)
  const { findings } = importPair(
    node('garp_master_refresh 5'),
    node('garp_master_refresh 8\ngarp_master_refresh 9'),
  )
  const [found, ...others] = findings.filter(({ outcome }) => outcome === 'refused')
  assert.deepEqual(others, [])
  assert.equal(found?.path, 'cluster.routers.V.announce.refresh')
  assert.equal(found?.place.line, 4)
})

test('of a file that is read in part alone there is no document, and words what to do', () => {
  const text = `vrrp_instance VI_1 {\n${'interface eth0\n'.repeat(10_001)}}\n`
  for (const request of [{ text }, { text: '', peer: text }]) {
    const { documents, findings } = importedByApi(request)
    assert.deepEqual(documents, [])
    const [refused] = findings.filter(({ outcome }) => outcome === 'refused')
    assert.match(
      refused?.text ?? '',
      /^more than 10000 lines .* was read\. "diarch import FILE" takes/,
    )
  }
})
