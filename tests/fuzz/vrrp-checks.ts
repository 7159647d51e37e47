/** What must hold for every packet, whatever is in it. A check that fails throws. */

import assert from 'node:assert/strict'
import {
  advertSize,
  checksumAt,
  headerSize,
  passwordSize,
  uint16,
  uint32,
} from '../../appliance/vrrp/advert-layout.ts'
import type { AdvertPacket } from '../../appliance/vrrp/advert-packet.ts'
import { type Accepted, decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { encodeAdvert, type Seal } from '../../appliance/vrrp/encode.ts'
import { trailerSize } from '../../appliance/vrrp/hmac-trailer.ts'
import { ladder } from '../../appliance/vrrp/rejection.ts'
import { routers } from '../unit/vrrp-codec-rungs.ts'
import { hex, hmacSha256, verdict, witness } from '../unit/vrrp-codec-words.ts'
import { hearAsRouter } from './vrrp-machine.ts'
import type { Trial } from './vrrp-trials.ts'

type Check = (trial: Trial) => void

const refusalSaysWhy: Check = ({ decoded }) => {
  if (decoded.kind !== 'rejected') return
  assert.ok(Object.hasOwn(ladder, decoded.reason), decoded.reason)
  assert.ok(decoded.detail !== '')
}

/** Equal bytes, but for what the RFCs tell a receiver not to look at. */
const encodesBack: Check = trial => {
  const { decoded, packet } = trial
  if (decoded.kind !== 'advert' || packet === null) return
  const { source, destination } = packet
  const seal = sealOf(trial, decoded, packet)
  const envelope = { source, destination, checksum: decoded.checksumForm, seal }
  const again = encodeAdvert(decoded.advert, envelope)
  const { given, changed } = withoutUnheeded(trial, decoded, packet)
  const end = changed ? given.length - (decoded.signed === null ? 0 : trailerSize) : given.length
  // 0xffff and 0 are the same in ones' complement.
  if (changed || uint16(given, checksumAt) === 0xffff) given.set(again.subarray(6, 8), checksumAt)
  assert.equal(hex(again.subarray(0, end)), hex(given.subarray(0, end)))
}

function sealOf({ expected }: Trial, decoded: Accepted, { payload }: AdvertPacket): Seal {
  const { authentication } = expected
  if (authentication.kind === 'password') return authentication
  if (authentication.kind === 'none' || decoded.signed === null) return { kind: 'none' }
  const signed = decoded.signed.key
  const key = authentication.keys.find(({ id }) => id === signed)
  assert.ok(key)
  const at = payload.length - trailerSize
  const stamp = { seconds: uint32(payload, at + 4), fine: uint32(payload, at + 8) }
  return { kind: 'hmac', key, stamp, hmac: hmacSha256 }
}

/** Padding, the reserved bits of v3, the authentication data of a v2 without a password. */
function withoutUnheeded({ expected }: Trial, decoded: Accepted, { payload }: AdvertPacket) {
  const { version, family, authentication } = expected
  const size = advertSize(version, family, decoded.advert.addresses.length)
  const given = payload.slice(0, size + (decoded.signed === null ? 0 : trailerSize))
  if (version === 3) given[4]! &= 0x0f
  else if (authentication.kind !== 'password') given.fill(0, size - passwordSize, size)
  const changed = hex(given) !== hex(payload.subarray(0, given.length))
  assert.ok(given.length >= headerSize)
  return { given, changed }
}

const signedOnlyOnce: Check = ({ decoded, packet, expected }) => {
  if (decoded.kind !== 'advert' || decoded.signed === null || packet === null) return
  const again = decodeAdvert(packet, expected, { ...witness, replay: decoded.replay })
  assert.equal(verdict(again), 'hmac-replayed')
}

const routerStaysWell: Check = trial => hearAsRouter(trial, routers[trial.router])

export const checks: readonly Check[] = [
  refusalSaysWhy,
  encodesBack,
  signedOnlyOnce,
  routerStaysWell,
]
