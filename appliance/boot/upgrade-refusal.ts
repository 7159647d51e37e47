import type { SlotLabel } from './slot-label.ts'

/** What a slot is held against before anything is written. */
export type UpgradeGround = {
  readonly partitionSize: number
  /** Of the configuration, as the running software writes it. */
  readonly schema: number
  /** What the signature of the label is worth to the running build. */
  readonly signature: Signature
  /** Whoever sends it sits at the box, or is root there: he could write the disk himself. */
  readonly isAtBox: boolean
  /** The paired box gives what it runs: its key says where that comes from. */
  readonly isOfPeer: boolean
  /** Of the body, where the client says it. */
  readonly length: number | null
}

/** `no-key`: the running build knows nobody whose signature would count. */
export type Signature = 'good' | 'bad' | 'missing' | 'no-key'

/** What the caller has said that he knows. */
export type UpgradeWishes = { readonly unsigned: boolean; readonly older: boolean }

export type UpgradeRefusal = {
  readonly reason: 'not-a-slot' | 'not-signed' | 'signature-required' | 'older-schema'
  readonly title: string
  readonly detail: string
}

const labelBlock = 4096

/** Null: it may be written. */
export function upgradeRefusal(
  label: SlotLabel,
  ground: UpgradeGround,
  wishes: UpgradeWishes,
): UpgradeRefusal | null {
  const { product, architecture, version, size, schema } = label
  const notOurs = (title: string, detail: string): UpgradeRefusal => ({
    reason: 'not-a-slot',
    title,
    detail,
  })
  if (product !== 'Diarch' || architecture !== 'x86_64') {
    const title = `The file is ${product} ${version} for ${architecture}`
    return notOurs(title, 'This box takes Diarch for x86_64.')
  }
  if (size === 0 || size % labelBlock !== 0 || size + labelBlock > ground.partitionSize) {
    const room = `A slot of this box has ${ground.partitionSize} bytes, 4096 of them for the label.`
    return notOurs(`The file says that it holds ${size} bytes`, room)
  }
  const expected = labelBlock + size
  if (ground.length !== null && ground.length !== expected) {
    const what = ground.length < expected ? 'is cut off' : 'is longer than it says of itself'
    const detail = `It has ${ground.length} bytes and should have ${expected}: fetch it again.`
    return notOurs(`The file ${what}`, detail)
  }
  const unsigned = signatureRefusal(label, ground, wishes)
  if (unsigned !== null) return unsigned
  if (schema < ground.schema && !wishes.older) {
    return {
      reason: 'older-schema',
      title: `Version ${version} is older: it knows the configuration up to schema ${schema}`,
      detail:
        `This box writes schema ${ground.schema}. After the restart the newest revision that ` +
        'the older software can read is in force, and none if there is no such one.',
    }
  }
  return null
}

/** A password or a token that was stolen is not enough to run other software for good. */
function signatureRefusal(
  label: SlotLabel,
  { signature, isAtBox, isOfPeer }: UpgradeGround,
  { unsigned }: UpgradeWishes,
): UpgradeRefusal | null {
  const found = signatureProblem(label, signature)
  if (found === null || (isOfPeer && signature === 'no-key')) return null
  if (isAtBox || signature === 'no-key') return unsigned ? null : { reason: 'not-signed', ...found }
  const what = isOfPeer ? '--from-peer' : 'FILE'
  const atBox = `An own build is taken at the box itself: diarch upgrade ${what} --unsigned`
  const detail = `${found.detail} ${atBox}`
  return { ...found, reason: 'signature-required', detail }
}

function signatureProblem({ version }: SlotLabel, signature: Signature) {
  switch (signature) {
    case 'good':
      return null
    case 'bad': {
      const detail =
        'Its signature does not fit to the key of the software that runs: it was changed on its ' +
        'way, or built by somebody else. Get it from where the running one came from.'
      return { title: `Version ${version} is signed by somebody else`, detail }
    }
    case 'missing': {
      const detail = 'Whoever built it did not sign it.'
      return { title: `Version ${version} is not signed`, detail }
    }
    case 'no-key': {
      const title = 'The software that runs has no key to check signatures with'
      const detail =
        'It was built without one, so nothing here can tell who built this file. ' +
        'If you know where it comes from, say so.'
      return { title, detail }
    }
  }
}
