import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { allObjects } from '../../appliance/mib/all-objects.ts'
import { element, integerElement, oidElement, tags } from '../../appliance/mib/ber.ts'
import { scopedBytes, securedBytes } from '../../appliance/mib/message.ts'
import { pduTags, replyBytes } from '../../appliance/mib/pdu.ts'
import { noPackets } from '../../appliance/mib/system-objects.ts'
import { admit, type Knowledge, mostBytes } from '../../appliance/snmp/admission.ts'
import { Engine } from '../../appliance/snmp/engine.ts'
import { encrypted, localizedKey, signatureOf, usersOf } from '../../appliance/snmp/usm.ts'
import { agent, interfaceIndex, snapshot } from './mib-words.ts'

const folder = mkdtempSync(join(tmpdir(), 'diarch-snmp-'))
after(() => rmSync(folder, { recursive: true }))

const engine = Engine.start(folder, assert.fail)
const tree = allObjects(snapshot, agent, interfaceIndex)
const usersWith = (password: string) => {
  const authentication = { protocol: 'sha-256', password } as const
  const ada = { authentication, privacy: { protocol: 'aes-128', password } } as const
  const listen = { interfaces: [], networks: [], port: 161 }
  const config = { users: { ada }, communities: {}, listen, contact: '', location: '' }
  return usersOf(config, engine.id)
}

const users = usersWith('correct-horse')
const ada = users.get('ada')!

const knowledge = (): Knowledge => ({
  users,
  communities: [Buffer.from('readers')],
  engine,
  counters: noPackets(),
})

const question = (count = 1): Uint8Array =>
  replyBytes(pduTags.getBulk, {
    id: 9,
    error: 0,
    errorIndex: 1000,
    variables: Array<Uint8Array>(count).fill(
      element(tags.sequence, oidElement([1, 3]), element(tags.null)),
    ),
  })

/** A right question of hers, or one with something else in it. */
function asked(own: Partial<Parameters<typeof securedBytes>[0]> = {}, key = ada): Uint8Array {
  const at = { engineId: engine.id, boots: engine.boots, time: engine.seconds, ...own }
  const plain = scopedBytes(at.engineId, new Uint8Array(), question())
  const hidden = encrypted(key, plain, at.boots, at.time)
  const { bytes, signatureAt } = securedBytes(
    {
      ...{ id: 7, user: 'ada', signatureSize: 24, privacy: hidden.salt, encrypted: true },
      data: hidden.data,
      ...at,
    },
    65_507,
  )
  if ((own.signatureSize ?? 24) > 0) bytes.set(signatureOf(key, bytes), signatureAt)
  return bytes
}

/** What became of it: an answer, or the counter that has grown. */
function fate(packet: Uint8Array): string {
  const known = knowledge()
  const admitted = admit(packet, known)
  const [grown] = Object.entries(known.counters).filter(([, count]) => count > 0)
  assert.notEqual(admitted === null, grown === undefined)
  return grown?.[0] ?? admitted?.kind ?? ''
}

test('a password becomes the keys of RFC 3414 A.3', () => {
  const id = Buffer.from('000000000000000000000002', 'hex')
  const keyOf = (hash: string) => Buffer.from(localizedKey(hash, 'maplesyrup', id)).toString('hex')
  assert.equal(keyOf('md5'), '526f5eed9fcce26f8964c2930787d82b')
  assert.equal(keyOf('sha1'), '6695febc9288e36282235fc7151f128497b38f3f')
})

test('only who signs and encrypts with the right keys, in time, gets an answer', () => {
  assert.equal(fate(asked()), 'request')
  const other = usersWith('another-horse').get('ada')!
  assert.equal(fate(asked({}, other)), 'wrongSignature')
  assert.equal(fate(asked({}, { ...ada, cipherKey: other.cipherKey })), 'notDecrypted')
  assert.equal(fate(asked({ user: 'ben' })), 'unknownUser')
  assert.equal(fate(asked({ user: '' })), 'unknownUser')
  assert.equal(fate(asked({ engineId: Buffer.from('8000257205ffff', 'hex') })), 'unknownEngine')
  assert.equal(fate(asked({ boots: engine.boots - 1 })), 'notInTime')
  assert.equal(fate(asked({ time: engine.seconds + 200 })), 'notInTime')
  assert.equal(fate(asked({ signatureSize: 0 })), 'tooWeak')
  const plain = scopedBytes(engine.id, new Uint8Array(), question())
  assert.equal(fate(asked({ encrypted: false, privacy: new Uint8Array(), data: plain })), 'tooWeak')
})

test('a community is right or it is not answered', () => {
  const by = (community: string): Uint8Array =>
    element(
      tags.sequence,
      integerElement(1),
      element(tags.octets, Buffer.from(community)),
      question(),
    )
  assert.equal(fate(by('readers')), 'request')
  for (const wrong of ['', 'reader', 'readerss', 'Readers']) {
    assert.equal(fate(by(wrong)), 'unknownCommunity', wrong)
  }
})

test('an answer fits into one packet, whatever was asked for', () => {
  for (const count of [1, 3, 40]) {
    const packet = element(
      tags.sequence,
      integerElement(1),
      element(tags.octets, Buffer.from('readers')),
      question(count),
    )
    const admitted = admit(packet, knowledge())
    assert.ok(admitted?.kind === 'request')
    assert.ok(admitted.answer(tree).length <= mostBytes, String(count))
  }
  const admitted = admit(asked(), knowledge())
  assert.ok(admitted?.kind === 'request')
  assert.ok(admitted.answer(tree).length <= mostBytes)
})

test('a packet that was changed on the way gets no answer', () => {
  const good = asked()
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const packet = Uint8Array.from(good)
      packet[at] = (packet[at] ?? 0) ^ change
      assert.notEqual(admit(packet, knowledge())?.kind, 'request')
    }),
    { numRuns: 1500 },
  )
})

test('the engine keeps its id and counts its starts; without its file it is a new one', () => {
  const own = mkdtempSync(join(folder, 'own-'))
  const [first, second] = [Engine.start(own, assert.fail), Engine.start(own, assert.fail)]
  assert.deepEqual([second.id, first.boots, second.boots], [first.id, 1, 2])
  writeFileSync(join(own, 'engine.json'), '{"id":"80"')
  const third = Engine.start(own, assert.fail)
  assert.notDeepEqual(third.id, first.id)
  const complaints: string[] = []
  const nowhere = Engine.start(join(own, 'engine.json', 'x'), text => complaints.push(text))
  assert.deepEqual([nowhere.boots, complaints.length], [1, 1])
})
