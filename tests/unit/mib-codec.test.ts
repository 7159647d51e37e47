import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allObjects } from '../../appliance/mib/all-objects.ts'
import { answerTo } from '../../appliance/mib/answer.ts'
import { BerReader, element, integerElement, oidElement, tags } from '../../appliance/mib/ber.ts'
import { communityBytes, readMessage } from '../../appliance/mib/message.ts'
import { oid } from '../../appliance/mib/oid.ts'
import { pduTags, type Request, readRequest, replyBytes } from '../../appliance/mib/pdu.ts'
import { agent, interfaceIndex, snapshot } from './mib-words.ts'

const tree = allObjects(snapshot, agent, interfaceIndex)
const bounds = { bytes: 1200, repetitions: 64 }
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** `snmpget -v2c -c public 192.0.2.1 1.3.6.1.2.1.1.3.0`, as Debian's program sends it. */
const golden = Buffer.from(
  '302902010104067075626c6963a01c02044a8b5c0d020100020100300e300c06082b060102010103000500',
  'hex',
)

test('integers take the fewest bytes, and come back', () => {
  const written = [0, 127, 128, 255, 256, 0x7fff_ffff, -1, -128, -129, 0xffff_ffff]
  assert.deepEqual(
    written.map(value => hex(integerElement(value))),
    [
      ...['020100', '02017f', '02020080', '020200ff', '02020100', '02047fffffff', '0201ff'],
      ...['020180', '0202ff7f', '020500ffffffff'],
    ],
  )
  for (const value of written) assert.equal(new BerReader(integerElement(value)).integer(), value)
  assert.equal(hex(integerElement(2 ** 53 - 1, tags.counter64)), '46071fffffffffffff')
})

test('names take seven bits a byte, the first two arcs one byte', () => {
  const names = ['1.3.6.1.4.1.9586.100.5', '0.0', '2.999.3', '1.3.4294967295']
  assert.deepEqual(
    names.map(name => hex(oidElement(oid(name)))),
    ['06092b06010401ca726405', '060100', '0603883703', '06062b8fffffff7f'],
  )
  for (const name of names) {
    assert.deepEqual(new BerReader(oidElement(oid(name))).oid(), oid(name))
  }
})

test('a question as a program sends it, and its answer', () => {
  const message = readMessage(golden)
  assert.ok(message.kind === 'community')
  assert.equal(Buffer.from(message.community).toString(), 'public')
  const names = [oid('1.3.6.1.2.1.1.3.0')]
  const request = { kind: 'get', id: 0x4a8b5c0d, nonRepeaters: 0, maxRepetitions: 0, names }
  assert.deepEqual(message.request, request)
  const reply = answerTo(message.request, tree, bounds)
  assert.equal(
    hex(communityBytes(message.community, replyBytes(pduTags.response, reply))),
    '302b02010104067075626c6963a21e02044a8b5c0d0201000201003010300e06082b060102010103004302' +
      '2328',
  )
})

test('every part of a packet alone is none', () => {
  for (let length = 0; length < golden.length; length += 1) {
    assert.deepEqual(readMessage(golden.subarray(0, length)), { kind: 'malformed' }, String(length))
  }
})

test('other versions are told apart from what is broken', () => {
  const first = Uint8Array.from(golden)
  first[4] = 0
  assert.deepEqual(readMessage(first), { kind: 'other-version' })
  const broken = [
    ['an endless length', Uint8Array.of(0x30, 0x80, 2, 1, 1)],
    ['a length beyond the packet', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 2, 1, 1)],
    ['a name of 200 arcs', withName(Array(200).fill(1))],
    ['an arc of more than 32 bits', withNameBytes([0x2b, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['a name that stops in an arc', withNameBytes([0x2b, 0x86])],
    ['an empty name', withNameBytes([])],
    ['300 names', withNames(300)],
  ] as const
  for (const [what, bytes] of broken) {
    assert.deepEqual(readMessage(bytes), { kind: 'malformed' }, what)
  }
  assert.equal(readMessage(withNames(200)).kind, 'community')
})

test('whatever comes, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      readMessage(bytes)
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(golden.length - 1), fc.nat(255)), { maxLength: 4 }),
      changes => {
        const bytes = Uint8Array.from(golden)
        for (const [at, byte] of changes) bytes[at] = byte
        const message = readMessage(bytes)
        if (message.kind === 'community') answerTo(message.request, tree, bounds)
      },
    ),
    { numRuns: 2000 },
  )
})

test('GETBULK gives no more than asked, than allowed, than fits, than there is', () => {
  const ask = (own: Partial<Request>, within = bounds) =>
    answerTo(
      {
        kind: 'getBulk',
        id: 1,
        nonRepeaters: 0,
        maxRepetitions: 10,
        names: [oid('1.3.6.1.2.1.1')],
        ...own,
      },
      tree,
      within,
    )
  const names = [oid('1.3.6.1.2.1.1.3'), oid('1.3.6.1.4.1.9586.100.5.2.3.1.4')]
  assert.equal(ask({}).variables.length, 10)
  assert.equal(ask({ maxRepetitions: 0 }).variables.length, 0)
  assert.equal(ask({ names, nonRepeaters: 1, maxRepetitions: 2 }).variables.length, 3)
  assert.equal(ask({ names, nonRepeaters: 9 }).variables.length, 2)
  assert.equal(
    ask({ maxRepetitions: 2 ** 31 - 1 }, { ...bounds, repetitions: 5 }).variables.length,
    5,
  )
  const { variables } = ask({ maxRepetitions: 2 ** 31 - 1 })
  const size = variables.reduce((sum, { length }) => sum + length, 0)
  assert.ok(size <= 1200 && size > 1100, `${size} bytes`)
  assert.deepEqual(ask({}, { ...bounds, bytes: 3 }), failure(1, 0))
  const last = ask({ names: [oid('1.3.6.1.6.3.15.1.1.5.0')] }).variables
  assert.deepEqual(last.map(hex), [
    hex(element(0x30, oidElement(oid('1.3.6.1.6.3.15.1.1.6.0')), integerElement(0, 0x41))),
    hex(element(0x30, oidElement(oid('1.3.6.1.6.3.15.1.1.6.0')), Uint8Array.of(0x82, 0))),
  ])
})

test('nothing can be set, and what does not fit is said to be too big', () => {
  const about = { id: 1, nonRepeaters: 0, maxRepetitions: 0 }
  const set = { ...about, kind: 'set', names: [oid('1.3.6.1.2.1.1.6.0')] } as const
  assert.deepEqual(answerTo(set, tree, bounds), failure(17, 1))
  const names = Array(200).fill(oid('1.3.6.1.2.1.1.1.0'))
  assert.deepEqual(answerTo({ ...about, kind: 'get', names }, tree, bounds), failure(1, 0))
})

const failure = (error: number, errorIndex: number) => ({ id: 1, error, errorIndex, variables: [] })

const withVariables = (...variables: readonly Uint8Array[]): Uint8Array =>
  communityBytes(
    Buffer.from('public'),
    replyBytes(pduTags.get, { id: 1, error: 0, errorIndex: 0, variables }),
  )

const withName = (arcs: readonly number[]): Uint8Array =>
  withVariables(element(tags.sequence, oidElement(arcs), element(tags.null)))

const withNameBytes = (bytes: readonly number[]): Uint8Array =>
  withVariables(
    element(tags.sequence, element(tags.oid, Uint8Array.from(bytes)), element(tags.null)),
  )

const withNames = (count: number): Uint8Array =>
  withVariables(
    ...Array<Uint8Array>(count).fill(
      element(tags.sequence, oidElement([1, 3]), element(tags.null)),
    ),
  )

test('a request is one of four kinds', () => {
  const of = (tag: number) =>
    readRequest(new BerReader(replyBytes(tag, { id: 1, error: 2, errorIndex: 3, variables: [] })))
  assert.equal(of(pduTags.response), null)
  assert.equal(of(pduTags.trap), null)
  assert.deepEqual(of(pduTags.getBulk), {
    kind: 'getBulk',
    id: 1,
    nonRepeaters: 2,
    maxRepetitions: 3,
    names: [],
  })
})
