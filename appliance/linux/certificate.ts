import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts'

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const commonName = objectIdentifier('2.5.4.3')
/** RFC 5280 4.1.2.5: for a certificate that has no well-defined expiration date. */
const noEnd = new Date('9999-12-31T23:59:59Z')

/**
 * A P-256 key and a self-signed certificate for it (RFC 5280), as PEM.
 *
 * Nobody vouches for this certificate: people compare its fingerprint with the one on the console,
 * paired boxes pin it. So its dates protect nothing, and a box whose battery is empty must not lock
 * its users out: it is valid from the day the software was built, without an end.
 */
export function makeCertificate(hostname: string, builtAt: Date): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const content = toBeSigned(hostname, builtAt, publicKey)
  const signature = sign('sha256', content, privateKey)
  const certificate = sequence(content, ecdsaWithSha256, bitString(signature))
  return `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${pem(certificate)}`
}

function toBeSigned(hostname: string, builtAt: Date, publicKey: KeyObject): Buffer {
  // 64 is the longest common name (RFC 5280 appendix A, ub-common-name).
  const name = sequence(set(sequence(commonName, utf8String(hostname.slice(0, 64)))))
  const version3 = explicit(0, integer(Buffer.from([2])))
  return sequence(
    version3,
    integer(serialNumber()),
    ecdsaWithSha256,
    name,
    sequence(time(builtAt), time(noEnd)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, extensions(hostname)),
  )
}

function extensions(hostname: string): Buffer {
  const digitalSignature = bitString(Buffer.from([0x80]), 7)
  const names = subjectNames(hostname).map(name => implicit(2, Buffer.from(name, 'ascii')))
  return sequence(
    // basicConstraints: cA is false by default, so there is nothing inside.
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, digitalSignature),
    // extendedKeyUsage: id-kp-serverAuth
    extension('2.5.29.37', false, sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...names)),
  )
}

/** `critical` is false by default, and DER leaves out what is the default. */
const extension = (id: string, critical: boolean, value: Uint8Array) =>
  sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value))

/** Addresses are left out: they change, and a certificate that is pinned must not. */
function subjectNames(hostname: string): string[] {
  const isDnsName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(hostname)
  const own = isDnsName ? [hostname, `${hostname.split('.')[0]}.local`] : []
  return [...new Set([...own, 'diarch.local'])]
}

/** RFC 5280 4.1.2.2: positive and at most 20 octets. The top bits make it so, and never short. */
function serialNumber(): Buffer {
  const octets = randomBytes(16)
  octets.writeUInt8((octets.readUInt8(0) & 0x3f) | 0x40, 0)
  return octets
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
