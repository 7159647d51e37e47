/**
 * What a slot says of itself, a block of text (image/slot.sh): on a disk behind the squashfs, in
 * the file that is delivered before it.
 *
 *     diarch-slot 1
 *     product=Diarch
 *     architecture=x86_64
 *     version=0.1.0
 *     commit=0123456789ab
 *     schema=2                  of the configuration that it writes
 *     size=230326272            of the squashfs, in bytes
 *     sha256=...                of the same
 *     signature=...             ed25519 of all lines above it, base64; may be missing
 *     NUL bytes up to 4096
 */

export const labelSize = 4096

export type SlotLabel = {
  readonly product: string
  readonly architecture: string
  readonly version: string
  readonly commit: string
  readonly schema: number
  readonly size: number
  readonly sha256: string
  /** What is signed, and by which bytes in base64. */
  readonly signed: { readonly text: string; readonly signature: string } | null
}

export type DecodedLabel =
  | { readonly ok: true; readonly label: SlotLabel }
  /** What stands there instead, for people. */
  | { readonly ok: false; readonly why: string }

const first = 'diarch-slot 1\n'
/** A word that goes into status and events as it is. */
const word = /^[\w.+~-]{1,64}$/
const number = /^(0|[1-9]\d{0,11})$/

const patterns = {
  product: word,
  architecture: word,
  version: word,
  commit: word,
  schema: number,
  size: number,
  sha256: /^[0-9a-f]{64}$/,
} as const

const refused = (why: string): DecodedLabel => ({ ok: false, why })

/** Keys that are not known are skipped: software that is newer may have added them. */
export function decodeLabel(block: Uint8Array): DecodedLabel {
  if (block.length !== labelSize) return refused(`it ends after ${block.length} bytes`)
  const latin = Array.from(block, byte => String.fromCharCode(byte)).join('')
  if (!latin.startsWith(first)) return refused(otherThing(latin))
  const text = latin.replace(/\0+$/, '')
  if (!/^[\x20-\x7e\n]*\n$/.test(text)) return refused('its label is damaged')

  const values = new Map<string, string>()
  for (const line of text.slice(first.length, -1).split('\n')) {
    const [, key, value] = /^([a-z0-9]+)=(.*)$/.exec(line) ?? []
    // What came after the signature would not be signed.
    if (key === undefined || value === undefined || values.has(key) || values.has('signature')) {
      return refused('its label is damaged')
    }
    values.set(key, value)
  }
  for (const [key, pattern] of Object.entries(patterns)) {
    if (!pattern.test(values.get(key) ?? '')) return refused(`its label has no good "${key}"`)
  }
  const of = (key: string): string => values.get(key) ?? ''
  const signature = values.get('signature')
  return {
    ok: true,
    label: {
      product: of('product'),
      architecture: of('architecture'),
      version: of('version'),
      commit: of('commit'),
      schema: Number(of('schema')),
      size: Number(of('size')),
      sha256: of('sha256'),
      signed: signature === undefined ? null : { text: signedPart(text), signature },
    },
  }
}

const signedPart = (text: string): string => text.slice(0, text.indexOf('\nsignature=') + 1)

/** People take the wrong file of those that a build leaves. */
function otherThing(latin: string): string {
  if (latin.startsWith('hsqs')) return 'it begins with the file system, and not with its label'
  if (latin.startsWith('\x28\xb5\x2f\xfd')) return 'it is compressed (zstd)'
  if (latin.startsWith('QFI\xfb')) return 'it is a disk image (qcow2)'
  if (latin.slice(512, 520) === 'EFI PART') return 'it is the image of a whole disk'
  return 'it does not begin with the label of a slot'
}

/** The superblock of squashfs has the size that it uses, little-endian, in bytes 40 to 47. */
export function labelPlace(superblock: Uint8Array): number | null {
  const view = new DataView(superblock.buffer, superblock.byteOffset, superblock.byteLength)
  if (view.byteLength < 48 || view.getUint32(0, false) !== 0x68737173) return null
  const used = Number(view.getBigUint64(40, true))
  return Math.ceil(used / labelSize) * labelSize
}
