import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeLabel, labelPlace, labelSize } from '../../appliance/boot/slot-label.ts'
import { type UpgradeGround, upgradeRefusal } from '../../appliance/boot/upgrade-refusal.ts'

const sum = 'ab'.repeat(32)
const lines = [
  'diarch-slot 1',
  'product=Diarch',
  'architecture=x86_64',
  'version=0.2.0',
  'commit=0123456789ab',
  'schema=2',
  'size=8192',
  `sha256=${sum}`,
]
const blockOf = (...text: readonly string[]): Buffer => {
  const block = Buffer.alloc(labelSize)
  block.write(text.map(line => `${line}\n`).join(''), 'latin1')
  return block
}
const label = (...more: readonly string[]) => {
  const decoded = decodeLabel(blockOf(...lines, ...more))
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.label
}

test('decodeLabel/what image/slot.sh writes', () => {
  assert.deepEqual(label(), {
    product: 'Diarch',
    architecture: 'x86_64',
    version: '0.2.0',
    commit: '0123456789ab',
    schema: 2,
    size: 8192,
    sha256: sum,
    signed: null,
  })
})

test('decodeLabel/what is signed is all before the signature, unknown lines too', () => {
  const { signed } = label('later=x', 'signature=c2ln')
  const text = [...lines, 'later=x', ''].join('\n')
  assert.deepEqual(signed, { text, signature: 'c2ln' })
})

const without = (key: string): Buffer => blockOf(...lines.filter(line => !line.startsWith(key)))
const starting = (text: string, at = 0): Buffer => {
  const block = Buffer.alloc(labelSize)
  block.write(text, at, 'latin1')
  return block
}

const rungs: readonly [Buffer, RegExp][] = [
  [Buffer.alloc(100), /^it ends after 100 bytes$/],
  [starting(''), /^it does not begin with the label of a slot$/],
  [starting('diarch-slot 2\n'), /^it does not begin/],
  [starting('hsqs'), /^it begins with the file system, and not with its label$/],
  [starting('\x28\xb5\x2f\xfd'), /^it is compressed \(zstd\)$/],
  [starting('EFI PART', 512), /^it is the image of a whole disk$/],
  [starting('QFI\xfb'), /^it is a disk image \(qcow2\)$/],
  [blockOf(...lines, 'x=\x01'), /^its label is damaged$/],
  [blockOf(...lines, 'no value'), /^its label is damaged$/],
  [blockOf(...lines, 'size=1'), /^its label is damaged$/],
  [blockOf(...lines, 'signature=x', 'more=1'), /^its label is damaged$/],
  [without('product'), /no good "product"/],
  [without('schema'), /no good "schema"/],
  [blockOf(...lines.map(line => line.replace('8192', '08192'))), /no good "size"/],
  [blockOf(...lines.map(line => line.replace('ab', 'AB'))), /no good "sha256"/],
  [blockOf(...lines.map(line => line.replace('0.2.0', '0.2.0 <b>'))), /no good "version"/],
]

for (const [block, why] of rungs) {
  test(`decodeLabel/${why.source}`, () => {
    const decoded = decodeLabel(block)
    assert.ok(!decoded.ok)
    assert.match(decoded.why, why)
  })
}

test('decodeLabel/whatever it is given, it answers', () => {
  fc.assert(
    fc.property(fc.nat(labelSize - 1), fc.nat(255), (at, byte) => {
      const block = blockOf(...lines, 'signature=c2ln')
      block[at] = byte
      const decoded = decodeLabel(block)
      if (!decoded.ok) assert.notEqual(decoded.why, '')
    }),
  )
})

test('labelPlace/behind what the superblock says, on a border of 4 KiB', () => {
  const superblock = Buffer.alloc(96)
  superblock.write('hsqs')
  superblock.writeBigUInt64LE(8193n, 40)
  assert.equal(labelPlace(superblock), 12_288)
  assert.equal(labelPlace(Buffer.alloc(96)), null)
  assert.equal(labelPlace(superblock.subarray(0, 20)), null)
})

const ground: UpgradeGround = {
  partitionSize: 12_288,
  schema: 2,
  signature: 'good',
  isAtBox: true,
  isOfPeer: false,
  length: 12_288,
}
const far = { ...ground, isAtBox: false }
const peer = { ...far, isOfPeer: true }
const no = { unsigned: false, older: false }
const refusals: readonly [string, Parameters<typeof upgradeRefusal>, string][] = [
  ['fits to the byte', [label(), ground, no], 'none'],
  ['another product', [{ ...label(), product: 'Other' }, ground, no], 'not-a-slot'],
  ['another machine', [{ ...label(), architecture: 'arm64' }, ground, no], 'not-a-slot'],
  ['too large', [label(), { ...ground, partitionSize: 12_287 }, no], 'not-a-slot'],
  ['nothing in it', [{ ...label(), size: 0 }, ground, no], 'not-a-slot'],
  ['no whole blocks', [{ ...label(), size: 5000 }, ground, no], 'not-a-slot'],
  ['cut off', [label(), { ...ground, length: 12_000 }, no], 'not-a-slot'],
  ['longer', [label(), { ...ground, length: 12_289 }, no], 'not-a-slot'],
  ['of unknown length', [label(), { ...ground, length: null }, no], 'none'],
  ['not signed', [label(), { ...ground, signature: 'missing' }, no], 'not-signed'],
  ['of others', [label(), { ...ground, signature: 'bad' }, no], 'not-signed'],
  ['without a key', [label(), { ...ground, signature: 'no-key' }, no], 'not-signed'],
  [
    'not signed, and said so',
    [label(), { ...ground, signature: 'bad' }, { ...no, unsigned: true }],
    'none',
  ],
  [
    'not signed, and said so from afar',
    [label(), { ...far, signature: 'bad' }, { ...no, unsigned: true }],
    'signature-required',
  ],
  [
    'without a key, and said so from afar',
    [label(), { ...far, signature: 'no-key' }, { ...no, unsigned: true }],
    'none',
  ],
  ['of the peer, without a key', [label(), { ...peer, signature: 'no-key' }, no], 'none'],
  [
    'of the peer, not signed',
    [label(), { ...peer, signature: 'missing' }, no],
    'signature-required',
  ],
  [
    'of the peer, of others, and said so from afar',
    [label(), { ...peer, signature: 'bad' }, { ...no, unsigned: true }],
    'signature-required',
  ],
  ['of the peer, older', [label(), { ...peer, schema: 3 }, no], 'older-schema'],
  ['older', [label(), { ...ground, schema: 3 }, no], 'older-schema'],
  ['older, and said so', [label(), { ...ground, schema: 3 }, { ...no, older: true }], 'none'],
  ['newer', [label(), { ...ground, schema: 1 }, no], 'none'],
]

for (const [name, call, expected] of refusals) {
  test(`upgradeRefusal/${name}`, () => {
    assert.equal(upgradeRefusal(...call)?.reason ?? 'none', expected)
  })
}
