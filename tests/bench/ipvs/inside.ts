/** Runs inside of the kernel as a test, and prints its samples. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { planTable } from '../../../appliance/ipvs/plan.ts'
import type { Service } from '../../../appliance/ipvs/service.ts'
import { IpvsTable } from '../../../appliance/linux/ipvs-table.ts'
import { ipAddress } from '../../../appliance/values/ip-address.ts'
import type { Samples } from './samples.ts'

const rounds = 7
/** In each of them, with and without a change. */
const reloads = 2
const [services, servers] = [1000, 10]

/** `weight` is that of the very last server. */
const desired = (weight: number): readonly Service[] =>
  Array.from({ length: services }, (_, n) => ({
    at: {
      kind: 'address',
      protocol: 'tcp',
      address: ipAddress(`10.1.${n >> 8}.${n & 255}`),
      port: 80,
    },
    settings: { scheduler: 'wrr', schedulerFlags: [], persistence: null, onePacket: false },
    destinations: Array.from({ length: servers }, (_, m) => ({
      at: { address: ipAddress(`10.2.${n % 250}.${m + 1}`), port: 8080 },
      settings: {
        forwarding: { method: 'nat' },
        weight: n === services - 1 && m === servers - 1 ? weight : 1,
        upper: 0,
        lower: 0,
      },
    })),
  }))

const reload = (table: IpvsTable, wish: readonly Service[]) => {
  const started = performance.now()
  const ops = planTable(wish, table.read())
  assert.deepEqual(table.apply(ops), [])
  return { milliseconds: performance.now() - started, operations: ops.length }
}

/** The kernel frees what was removed a little later, and that is nobody's time. */
const empty = async (table: IpvsTable): Promise<void> => {
  table.flush()
  await wait(500)
}

const entries = (table: IpvsTable): number =>
  table.read().reduce((sum, { destinations }) => sum + 1 + destinations.length, 0)

test('samples', async () => {
  const table = IpvsTable.open()
  const samples = {
    own: [] as number[],
    ipvsadm: [] as number[],
    change: [] as number[],
    changeOperations: [] as number[],
    idle: [] as number[],
    idleOperations: [] as number[],
  } satisfies Samples
  const [whole, changed] = [desired(1), desired(2)]
  const all = services * (servers + 1)
  for (let round = 0; round < rounds; round++) {
    await empty(table)
    const { milliseconds, operations } = reload(table, whole)
    samples.own.push(milliseconds)
    assert.equal(operations, all)
    const rules = execFileSync('ipvsadm', ['-Sn'], { encoding: 'utf8', maxBuffer: 2 ** 24 })
    await empty(table)
    const started = performance.now()
    execFileSync('ipvsadm', ['-R'], { input: rules })
    samples.ipvsadm.push(performance.now() - started)
    assert.equal(entries(table), all)

    for (let again = 0; again < reloads; again++) {
      const idle = reload(table, whole)
      samples.idle.push(idle.milliseconds)
      samples.idleOperations.push(idle.operations)
      const change = reload(table, changed)
      samples.change.push(change.milliseconds)
      samples.changeOperations.push(change.operations)
      reload(table, whole)
    }
  }
  table.flush()
  console.log(`samples ${JSON.stringify(samples)}`)
})
