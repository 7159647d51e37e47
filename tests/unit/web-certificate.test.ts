import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { makeCertificate } from '../../appliance/linux/certificate.ts'
import { integer, objectIdentifier, octetString, time } from '../../appliance/linux/der.ts'
import { parseIdentity } from '../../appliance/linux/identity.ts'

const hex = (bytes: Buffer) => bytes.toString('hex')
const built = new Date('2026-03-04T05:06:07Z')

test('OpenSSL reads the certificate as it was meant', () => {
  const certificate = new X509Certificate(makeCertificate('edge-north.example.org', built))
  assert.ok(certificate.verify(certificate.publicKey), 'signed by its own key')
  assert.equal(certificate.subject, 'CN=edge-north.example.org')
  assert.equal(certificate.issuer, certificate.subject)
  assert.equal(
    certificate.subjectAltName,
    'DNS:edge-north.example.org, DNS:edge-north.local, DNS:diarch.local',
  )
  assert.equal(certificate.ca, false)
  assert.equal(certificate.validFrom, 'Mar  4 05:06:07 2026 GMT')
  assert.equal(certificate.validTo, 'Dec 31 23:59:59 9999 GMT')
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.ok(certificate.checkHost('diarch.local'))
})

test('serial numbers are positive, 16 octets long and never the same', () => {
  const serials = Array.from(
    { length: 50 },
    () => new X509Certificate(makeCertificate('a', built)).serialNumber,
  )
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/)
  assert.equal(new Set(serials).size, 50)
})

for (const name of ['', '-', 'ä b"\n, O=x', 'x'.repeat(64), 'a..b', 'diarch.local', '日本']) {
  test(`any hostname gives a certificate: ${JSON.stringify(name)}`, () => {
    const pem = makeCertificate(name, built)
    const certificate = new X509Certificate(pem)
    assert.ok(certificate.verify(certificate.publicKey))
    assert.ok(certificate.checkHost('diarch.local'))
    assert.equal(parseIdentity(pem).fingerprint, certificate.fingerprint256)
  })
}

test('DER by the book', () => {
  // X.690 8.1.3: short form, then one and two octets of length.
  assert.equal(hex(octetString(Buffer.alloc(127))).slice(0, 4), '047f')
  assert.equal(hex(octetString(Buffer.alloc(128))).slice(0, 6), '048180')
  assert.equal(hex(octetString(Buffer.alloc(256))).slice(0, 8), '04820100')
  assert.throws(() => octetString(Buffer.alloc(65_536)), /expected <= 65535/)
  // An arc beyond 127 takes several octets.
  assert.equal(hex(objectIdentifier('1.2.840.113549')), '06062a864886f70d')
  assert.equal(hex(integer(Buffer.from([2]))), '020102')
  assert.equal(time(new Date('2049-12-31T23:59:59Z')).toString('latin1', 2), '491231235959Z')
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).toString('latin1', 2), '20500101000000Z')
})
