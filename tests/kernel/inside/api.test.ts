import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as z from 'zod'
import { serviceOperations } from '../../../appliance/api/service-operations.ts'
import { answers, natWalk } from './director-walk.ts'

const { listConnections, showServiceTraffic, showTraffic, listServices, explainServer } =
  serviceOperations

test("what the kernel's table has to say is as the table of operations describes it", async t => {
  const { client, box } = await natWalk(t)
  await box.untilServer('shop/web11', 'up')
  await answers(client, 4)
  const asked = async (path: string, schema: z.ZodType): Promise<unknown> => {
    const { status, body } = await box.ask('GET', path)
    assert.equal(status, 200, JSON.stringify(body))
    const { error } = schema.safeParse(body)
    assert.equal(error, undefined, `${path}: ${JSON.stringify(body)}`)
    return body
  }
  const of = (path: string): string =>
    path.replace('{service}', 'shop').replace('{server}', 'web11')
  for (const { path, answer } of [showServiceTraffic, showTraffic, listServices, explainServer]) {
    await asked(of(path), answer.schema)
  }
  const { path, answer } = listConnections
  const { connections } = (await asked(of(path), answer.schema)) as { connections: unknown[] }
  assert.ok(connections.length > 0, 'those of the four requests')
})
