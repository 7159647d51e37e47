import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkWish } from '../../appliance/config/network-wish.ts'
import { type ActualLink, type LinkOp, planLinks } from '../../appliance/network/link-plan.ts'
import { accepted } from './config/pair.ts'

const wishes = (interfaces: object) =>
  networkWish(accepted({ schemaVersion: 2, cluster: {}, node: { network: { interfaces } } }))!
    .interfaces

const port = (index: number, name = `port${index}`): ActualLink => ({
  index,
  name,
  up: true,
  mtu: 1500,
  master: null,
  isOurs: false,
  made: null,
})

/** What the kernel makes of it. */
function performed(links: readonly ActualLink[], op: LinkOp): readonly ActualLink[] {
  if (op.kind === 'make') {
    const index = Math.max(...links.map(link => link.index)) + 1
    return links.concat({ ...port(index, op.name), up: false, isOurs: true, made: op.what })
  }
  const link = links.find(({ index }) => index === op.index)!
  const put = (change: Partial<ActualLink>) =>
    links.map(one => (one === link ? { ...link, ...change } : one))
  switch (op.kind) {
    case 'remove':
      return links
        .filter(one => one !== link && !(one.made?.kind === 'vlan' && one.made.parent === op.index))
        .map(one => (one.master === op.index ? { ...one, master: null } : one))
    case 'leave':
      return put({ master: null })
    case 'join': {
      const isBond = links.find(({ index }) => index === op.master)?.made?.kind === 'bond'
      assert.ok(!(isBond && link.up), 'a bond takes no member that is up')
      return put({ master: op.master, ...(isBond ? { up: true } : {}) })
    }
    case 'switch':
      return put({ up: op.up })
    case 'mtu':
      return put({ mtu: op.mtu })
  }
}

/** Plans and performs until nothing is left to do. */
function settled(interfaces: object, links: readonly ActualLink[]) {
  const done: string[] = []
  for (let round = 0; round < 10; round++) {
    const { ops } = planLinks(wishes(interfaces), links)
    if (ops.length === 0) return { links, done }
    for (const op of ops) {
      const to = op.kind === 'switch' ? (op.up ? ' up' : ' down') : ''
      done.push(`${op.kind} ${op.name}${to}`)
    }
    links = ops.reduce(performed, links)
  }
  throw new Error(`no end: ${done.join(', ')}`)
}

const bond = { port1: {}, port2: {}, lan: { bond: { members: ['port1', 'port2'] } } }
const tagged = { ...bond, v: { vlan: { parent: 'lan', id: 20 } } }

test('ports that are as they should be are left alone', () => {
  assert.deepEqual(settled({ port1: {} }, [port(1), port(2)]).done, [])
})

test('a bond is made first, then its members join, switched off, and a VLAN on it', () => {
  const { done, links } = settled(tagged, [port(1), port(2)])
  assert.deepEqual(done, [
    'make lan',
    'switch port1 down',
    'join port1',
    'switch port2 down',
    'join port2',
    'switch lan up',
    'make v',
    'switch v up',
  ])
  assert.deepEqual(settled(tagged, links).done, [])
})

test('another VLAN number, another mode: made anew, with all that stands on it', () => {
  const { links } = settled(tagged, [port(1), port(2)])
  const other = { ...bond, v: { vlan: { parent: 'lan', id: 21 } } }
  assert.deepEqual(settled(other, links).done, ['remove v', 'make v', 'switch v up'])

  const rest = settled({ ...tagged, lan: { bond: { ...bond.lan.bond, mode: '802.3ad' } } }, links)
  assert.deepEqual(
    rest.done.filter(line => /lan|v$/.test(line)),
    ['remove lan', 'make lan', 'switch lan up', 'make v'],
  )
})

test('a member that left comes back, one that is wanted no more goes out', () => {
  const { links } = settled(bond, [port(1), port(2)])
  const pulled = links.map(link => (link.name === 'port2' ? { ...link, master: null } : link))
  assert.deepEqual(settled(bond, pulled).done, ['switch port2 down', 'join port2'])
  const less = { port1: {}, port2: {}, lan: { bond: { members: ['port1'] } } }
  assert.deepEqual(settled(less, links).done, ['leave port2'])
})

test('from a bond into a bridge', () => {
  const { links } = settled(bond, [port(1), port(2)])
  const next = { port1: {}, port2: {}, wall: { bridge: { members: ['port1', 'port2'] } } }
  const { links: after } = settled(next, links)
  const wall = after.find(({ name }) => name === 'wall')!
  assert.deepEqual(
    after.map(({ name, master, up }) => [name, master === wall.index, up]),
    [
      ['port1', true, true],
      ['port2', true, true],
      ['wall', false, true],
    ],
  )
})

test('what others made stays: their names, their bonds, their VLANs', () => {
  const theirs = { ...port(7, 'lan'), made: { kind: 'bridge' as const } }
  const held = { ...port(1), master: 7 }
  const plan = planLinks(wishes(bond), [held, port(2), theirs])
  assert.deepEqual(plan, { ops: [], missing: [], taken: ['lan'] })
  // A port that says nothing of a master is not taken out of theirs.
  assert.deepEqual(settled({ port1: {} }, [held, theirs]).done, [])
  assert.deepEqual(settled({}, [held, theirs]).done, [])
})

test('a port that is missing is named, and what stands on it waits', () => {
  const plan = planLinks(wishes({ port9: {}, v: { vlan: { parent: 'port9', id: 3 } } }), [port(1)])
  assert.deepEqual(plan, { ops: [], missing: ['port9'], taken: [] })
})

test('without a wish all that is ours goes', () => {
  const { links } = settled(tagged, [port(1), port(2)])
  assert.deepEqual(
    settled({}, links).links.map(({ name }) => name),
    ['port1', 'port2'],
  )
})
