import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Document, parseDocument } from '../../appliance/config/document.ts'
import { exportKeepalived } from '../../appliance/keepalived/export.ts'
import { openLab, type TestContext } from '../lab/namespaces/lab.ts'
import { exportCases } from '../unit/keepalived-export-cases.ts'
import { imported } from '../unit/keepalived-import-words.ts'

const examples = join(import.meta.dirname, '../../docs/examples')

const documentOf = (value: unknown): Document => {
  const parsed = parseDocument(value)
  assert.ok(parsed.kind === 'document')
  return parsed.document
}

const documents: Record<string, Document> = {
  ...Object.fromEntries(
    readdirSync(examples)
      .filter(name => name.endsWith('.json'))
      .map(name => [name, documentOf(readFileSync(join(examples, name), 'utf8'))]),
  ),
  ...Object.fromEntries(
    Object.entries(exportCases).map(([name, text]) => [name, documentOf(imported(text).document)]),
  ),
}

const interfacesOf = (value: unknown): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, part]) =>
        key === 'interface' && typeof part === 'string' ? [part] : interfacesOf(part),
      )

/** A host with all interfaces and programs that the documents name. */
const ready = async (t: TestContext) => {
  const lab = await openLab(t)
  const host = await lab.host('keepalived')
  const text = Object.values(documents)
    .map(document => exportKeepalived(document, { secrets: true }).text)
    .join('\n')
  const ways = new Set(Object.values(documents).flatMap(interfacesOf))
  for (const way of ways) {
    await host.must('ip', [
      'link',
      'add',
      way,
      'type',
      'veth',
      'peer',
      'name',
      `far-${way}`.slice(0, 15),
    ])
    await host.must('ip', ['link', 'set', way, 'up'])
  }
  const programs = new Set(text.match(/\/usr\/local\/bin\/[\w-]+/g))
  const links = [...programs].map(path => `ln -s /usr/bin/true ${path}`).join(' && ')
  await host.must('sh', ['-c', `mount -t tmpfs tmpfs /usr/local/bin && ${links}`])
  return host
}

/** It says this of routes that name no interface, and goes on. */
const harmless = /^.*Warning - cannot track route .* with no interface specified, not tracking\n/gm

test('keepalived takes what was exported', async t => {
  const host = await ready(t)
  for (const [name, document] of Object.entries(documents)) {
    await t.test(name, async () => {
      // This keepalived knows no auth_hmac.
      const text = exportKeepalived(document, { secrets: !name.includes('hmac') }).text
      await host.write('/run/exported.conf', text)
      const look = ['-t', '-f', '/run/exported.conf']
      const { code, stdout, stderr } = await host.run('keepalived', look)
      const said = `${stdout}${stderr}`
      assert.equal(said.replace(harmless, ''), '', text)
      assert.equal(code, said === '' ? 0 : 5)
    })
  }
})
