import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { refusals } from './config/pair.ts'

const path = resolve(import.meta.dirname, '../../docs/guides/fencing.md')
const blocks = [...readFileSync(path, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)]
const [whole = '', ...parts] = blocks.map(([, text]) => text ?? '')

/** The guide has no room for keys and certificates. */
const withPem = (text: string): string =>
  text.replace(/-----BEGIN ([A-Z ]+)-----\.\.\./g, '-----BEGIN $1-----\\nYQ==\\n-----END $1-----')

test('the guide has a device of each kind, and Diarch takes them', () => {
  const document = JSON.parse(whole)
  const { devices } = document.cluster.fencing
  for (const part of parts) Object.assign(devices, JSON.parse(withPem(`{${part}}`)))
  assert.deepEqual(refusals(document), [])
  const kinds = Object.values(devices as Record<string, { kind: string }>).map(({ kind }) => kind)
  const known = ['redfish', 'ipmi', 'proxmox', 'libvirt', 'vmware', 'pdu', 'script']
  assert.deepEqual(new Set(kinds), new Set(known))
})
