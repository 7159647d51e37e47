import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'

const document = (ranges: number) => ({
  schemaVersion: 2,
  cluster: {
    services: {
      many: {
        virtual: Array.from(
          { length: ranges },
          (_, n) => `10.0.${n}.0-10.0.${n + 3}.255:${1000 + n}`,
        ),
        servers: { a: '10.9.0.1:80' },
      },
    },
  },
})

test('a few ranges do not become a million endpoints', () => {
  assert.equal(parseDocument(document(64)).kind, 'document')
  const parsed = parseDocument(document(65))
  assert.ok(parsed.kind === 'refused')
  const [{ path, expected } = assert.fail('nothing is said')] = parsed.findings
  assert.equal(path, 'cluster.services.many.virtual')
  assert.equal(expected, 'at most 65536 addresses and ports in all services together')
})
