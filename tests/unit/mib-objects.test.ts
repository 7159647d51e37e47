import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allObjects } from '../../appliance/mib/all-objects.ts'
import { nextAfter, type ObjectTree, valueAt } from '../../appliance/mib/object-tree.ts'
import { compareOids, type Oid, oid, oidText } from '../../appliance/mib/oid.ts'
import type { Value } from '../../appliance/mib/value.ts'
import { agent, interfaceIndex, large, snapshot } from './mib-words.ts'

const tree = allObjects(snapshot, agent, interfaceIndex)

function walk(all: ObjectTree): { name: Oid; value: Value }[] {
  const found: { name: Oid; value: Value }[] = []
  for (let next = nextAfter(all, [0]); next !== null; next = nextAfter(all, next.name)) {
    const before = found.at(-1)
    if (before) assert.ok(compareOids(before.name, next.name) < 0, oidText(next.name))
    found.push(next)
  }
  return found
}

const plain = (name: string): unknown => {
  const value = valueAt(tree, oid(name))
  if (!('value' in value)) return value.type
  if (value.type !== 'octets') return value.value
  const printable = value.value.every(byte => byte > 31 && byte < 127)
  return printable ? Buffer.from(value.value).toString() : [...value.value].join('.')
}

const values = (prefix: string, columns: readonly number[], row: string): readonly unknown[] =>
  columns.map(column => plain(`${prefix}.${column}.${row}`))

const keepalived = '1.3.6.1.4.1.9586.100.5'
const vrrpv3 = '1.3.6.1.2.1.207.1'

test('a walk sees each object once, in order, and GET has the same for its name', () => {
  const all = walk(tree)
  assert.ok(all.length > 250, String(all.length))
  for (const { name, value } of all) assert.deepEqual(valueAt(tree, name), value)
  assert.equal(new Set(all.map(({ name }) => oidText(name))).size, all.length)
})

test('between two names is the later one, behind the last is none', () => {
  const after = (name: string) => {
    const found = nextAfter(tree, oid(name))
    return found && oidText(found.name)
  }
  assert.equal(after('1.3'), '1.3.6.1.2.1.1.1.0')
  assert.equal(after('1.3.6.1.2.1.1.1'), '1.3.6.1.2.1.1.1.0')
  assert.equal(after('1.3.6.1.2.1.1.1.0'), '1.3.6.1.2.1.1.2.0')
  assert.equal(after('1.3.6.1.2.1.1.1.0.5'), '1.3.6.1.2.1.1.2.0')
  assert.equal(after(`${keepalived}.2.3.1.4.2`), `${keepalived}.2.3.1.4.3`)
  assert.equal(after(`${keepalived}.2.3.1.4.3`), `${keepalived}.2.3.1.5.1`)
  // Rows that have no value in a column are not there.
  assert.equal(after(`${keepalived}.2.3.1.15`), `${keepalived}.2.3.1.15.2`)
  assert.equal(after('1.3.6.1.6.3.15.1.1.6.0'), null)
  assert.equal(plain(`${keepalived}.2.3.1.4.9`), 'no-such-instance')
  assert.equal(plain(`${keepalived}.2.3.1.99.1`), 'no-such-object')
  assert.equal(plain(`${keepalived}.2.3.1.4`), 'no-such-instance')
})

test('the box', () => {
  assert.deepEqual(
    [1, 3, 4, 5, 6].map(number => plain(`1.3.6.1.2.1.1.${number}.0`)),
    ['Diarch 1.2.3 on Linux', 9000, 'ada@example.org', 'one', 'rack 7'],
  )
  assert.deepEqual(
    [plain(`${keepalived}.1.1.0`), plain(`${keepalived}.1.2.0`)],
    ['Diarch 1.2.3', 'one'],
  )
})

test('virtual routers, in the numbers of KEEPALIVED-MIB', () => {
  const instance = `${keepalived}.2.3.1`
  // Name, VRID, state, priorities, addresses all there, interface, interval, preempt, delay, group.
  const columns = [2, 3, 4, 7, 8, 9, 10, 12, 13, 14, 18, 30]
  assert.deepEqual(values(instance, columns, '1'), [
    ...['VI_1', 51, 2, 100, 70, 2, 'lan', 25, 2, 30, 'both', 3],
  ])
  assert.deepEqual(values(instance, [4, 13, 15, 27], '2'), [1, 1, 1, 2])
  assert.deepEqual(values(instance, [4, 12], '3'), [3, 0])
  const address = `${keepalived}.2.6.1`
  assert.deepEqual(values(address, [2, 3, 5, 6, 7, 8, 10, 11], '1.1'), [
    ...[1, '192.0.2.100', 24, 14, 3, 'lan', 1, 1],
  ])
  assert.deepEqual(values(address, [2, 5, 6, 7, 8, 10, 11], '1.2'), [
    ...[2, 64, 2, 'no-such-instance', 'wan', 2, 2],
  ])
  assert.deepEqual(values(`${keepalived}.2.1.1`, [2, 3], '1'), ['both', 3])
  assert.deepEqual(values(`${keepalived}.2.2.1`, [2], '1.3'), ['VI_2'])
  assert.deepEqual(values(`${keepalived}.2.9.1`, [2, 6], '2'), ['gateway', 2])
})

test('services and servers', () => {
  const service = `${keepalived}.3.3.1`
  const columns = [2, 5, 6, 7, 8, 9, 10, 11, 13, 14, 20, 21, 22, 23, 26, 71]
  assert.deepEqual(values(service, columns, '1'), [
    ...[2, 1, '192.0.2.100', 80, 1, 4, 2, 1, 1, 300, 2, 1, 1, 1, 2, 'web'],
  ])
  assert.deepEqual(values(service, [2, 4, 8, 9], '2'), [1, 7, 4, 99])
  assert.deepEqual(values(service, [2, 3, 11, 23, 27], '3'), [3, 'many', 2, 2, 'no-such-instance'])
  assert.deepEqual(values(`${keepalived}.3.2.1`, [2, 4, 8], '1.2'), [2, 2, 53])
  const server = `${keepalived}.3.4.1`
  assert.deepEqual(values(server, [2, 4, 5, 6, 7, 10, 15, 16, 17, 40, 55], '1.1'), [
    ...[1, '198.51.100.11', 8080, 1, 100, 2, 3, 4, 5, 2, 'a'],
  ])
  assert.deepEqual(values(server, [6, 10, 18, 55], '1.2'), [2, 1, 'no-such-instance', 'b'])
  assert.deepEqual(values(server, [2, 7], '1.3'), [2, 0])
})

test('the kernel’s counters: of 32 bits they begin again, of 64 they do not', () => {
  const service = `${keepalived}.3.3.1`
  assert.deepEqual(values(service, [27, 28, 29, 30, 31], '1'), [0xffff_ffff, 6, 12, 2 ** 40, 14])
  assert.deepEqual(values(service, [32, 33, 34, 35, 36], '1'), [15, 16, 17, 0xffff_ffff, 19])
  assert.deepEqual(values(service, [38, 39, 40], '1'), [2 ** 32 + 5, 2 ** 32 + 6, 12])
  assert.deepEqual(values(service, [41, 42, 47, 48, 49, 50], '1'), [15, 0, 18, 2, 19, 0])
  const server = `${keepalived}.3.4.1`
  assert.deepEqual(values(server, [14, 18, 21, 26, 27, 30, 36, 37], '1.1'), [
    ...[0xffff_ffff, 6, 14, 19, 2 ** 32 + 5, 15, 18, 2],
  ])
})

test('VRRPV3-MIB has the routers of version 3, by interface, VRID and family', () => {
  const operations = `${vrrpv3}.1.1.1`
  assert.deepEqual(values(operations, [3, 4, 6, 7, 8, 9, 10, 13], '3.51.1'), [
    ...['192.0.2.11', '192.0.2.11', 3, 70, 1, 25, 2, 1],
  ])
  assert.equal(plain(`${operations}.5.3.51.1`), '0.0.94.0.1.51')
  assert.equal(plain(`${operations}.3.3.7.2`), '254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.18')
  assert.equal(plain(`${operations}.6.3.52.1`), 'no-such-instance')
  assert.equal(plain(`${vrrpv3}.1.2.1.2.3.51.1.4.192.0.2.100`), 1)
  assert.deepEqual(values(`${vrrpv3}.2`, [1, 2, 3], '0'), [16, 0, 0])
  const statistics = `${vrrpv3}.2.5.1`
  assert.deepEqual(values(statistics, [1, 3, 4, 5, 7, 8, 9, 10, 11], '3.51.1'), [
    ...[3, 7, 3, 6, 2, 1, 0, 4, 0],
  ])
})

test('ten times the servers take about ten times as long to walk, not a hundred times', () => {
  const time = (servers: number): number => {
    const all = allObjects(large(servers, 10), agent, interfaceIndex)
    const before = performance.now()
    walk(all)
    return performance.now() - before
  }
  time(20)
  const [few, many] = [Math.min(time(20), time(20), time(20)), time(200)]
  assert.ok(many < few * 40, `${few} ms and ${many} ms`)
})
