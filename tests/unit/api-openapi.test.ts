import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApi } from '../../appliance/api/openapi.ts'
import type { OperationDescription } from '../../appliance/api/operation.ts'
import { operationIds, operations } from '../../appliance/api/operations.ts'
import { commonReasons, problemReasons } from '../../appliance/api/reasons.ts'
import { parseConnection } from '../../appliance/ipvs/connection.ts'

type Described = {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly security?: readonly unknown[]
  readonly responses: Readonly<Record<string, unknown>>
}

type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

const document = openApi(operations) as Document

test('every operation is described once, under its path and method', () => {
  assert.match(document.openapi, /^3\.1\./)
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method, path]),
  )
  const wanted = operationIds.map(id => {
    const { method, path }: OperationDescription = operations[id]
    return [id, method.toLowerCase(), path]
  })
  const sorted = (rows: string[][]) => rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  assert.deepEqual(sorted(described), sorted(wanted))
})

test('names in paths are parameters, and what needs no login says so', () => {
  const shown = document.paths['/api/v1/services/{service}/servers/{server}/override']?.put
  assert.deepEqual(
    shown?.parameters?.map(({ name, in: where }) => [name, where]),
    [
      ['service', 'path'],
      ['server', 'path'],
    ],
  )
  assert.equal(shown?.security, undefined)
  assert.deepEqual(document.paths['/api/v1/openapi.json']?.get?.security, [])
})

test('every reference leads to a schema, and no schema is left over', () => {
  const text = JSON.stringify(document)
  assert.doesNotMatch(text, /\$defs/)
  const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, id]) => id)
  const schemas = Object.keys(document.components.schemas)
  assert.ok(schemas.length > 20)
  assert.deepEqual([...new Set(references)].sort(), schemas.toSorted())
})

test('no two operations can be meant by the same request', () => {
  const keys = operationIds.map(id => {
    const { method, path }: OperationDescription = operations[id]
    return `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`
  })
  assert.equal(new Set(keys).size, keys.length)
})

test('what changes something is no GET, and what looks takes no body', () => {
  for (const id of operationIds) {
    const { method, role, body }: OperationDescription = operations[id]
    if (method === 'GET') assert.equal(body, null, id)
    else assert.ok(role !== 'viewer' || /session/.test(operations[id].path), id)
  }
})

test('connections are described as they are read from the kernel', () => {
  const line = 'TCP C0000209 C350 C0000264 0050 C633640B 0050 ESTABLISHED LOCAL 899'
  const connections = [parseConnection(line)]
  assert.equal(connections[0]?.origin, 'local')
  const { schema } = operations.listConnections.answer
  assert.equal(schema.safeParse({ connections, more: false }).error, undefined)
})

test('every reason is said by an operation, or may be said by any', () => {
  const own = operationIds.flatMap((id): readonly string[] => operations[id].problems)
  const said = new Set([...Object.keys(commonReasons), ...own])
  const unsaid = Object.keys(problemReasons).filter(reason => !said.has(reason))
  assert.deepEqual(unsaid, [])
})
