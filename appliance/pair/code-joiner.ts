import { randomBytes } from 'node:crypto'
import type { Identity } from '../linux/identity.ts'
import type { Unknown } from '../pairing/frame-reader.ts'
import type { About, Frame } from '../pairing/frames.ts'
import { beginJoin, finishJoin } from '../pairing/handshake.ts'
import type { JoinOutcome } from '../pairing/pair-messages.ts'
import { bytesOf, hexOf } from './bytes.ts'
import { Connection } from './connection.ts'
import { dial } from './tls.ts'

type Asked = {
  readonly address: string
  readonly port: number
  readonly code: string
  readonly anyVersion: boolean
}

export type JoinSite = {
  readonly identity: Identity
  readonly own: Uint8Array
  readonly about: About
}

/** Asks the box at that address to be its peer, with the code that it shows. */
export async function join(
  site: JoinSite,
  { address, port, code, anyVersion }: Asked,
): Promise<JoinOutcome> {
  try {
    const socket = await dial(site.identity, address, port)
    return await conversation(site, { code, anyVersion }, on => new Connection(socket, on))
  } catch (error) {
    const { code: reason, message } = error as NodeJS.ErrnoException
    // Something there answers that nobody listens: a box listens while it shows a code.
    if (reason === 'ECONNREFUSED') return refused('no-code', '')
    return refused('no-answer', message)
  }
}

const refused = (
  reason: Extract<JoinOutcome, { kind: 'refused' }>['reason'],
  detail: string,
): JoinOutcome => ({ kind: 'refused', reason, detail })

type On = ConstructorParameters<typeof Connection>[1]

function conversation(
  site: JoinSite,
  { code, anyVersion }: Pick<Asked, 'code' | 'anyVersion'>,
  open: (on: On) => Connection,
): Promise<JoinOutcome> {
  return new Promise(resolve => {
    /** Both have proven that they know the code. */
    let isProven = false
    const end = (outcome: JoinOutcome): void => {
      resolve(outcome)
      connection.close('it is answered')
    }
    const onFrame = (frame: Frame | Unknown): void => {
      switch (frame.frame) {
        case 'reply': {
          const reply = { share: bytesOf(frame.share), proof: bytesOf(frame.proof) }
          const proof = finishJoin(joiner, reply)
          if (proof === null) end(refused('wrong-code', ''))
          else {
            isProven = true
            const { about } = site
            connection.send({ frame: 'proof', proof: hexOf(proof), about, anyVersion })
          }
          return
        }
        case 'welcome': {
          const { fingerprint, address } = connection
          end({ kind: 'welcome', box: { fingerprint, address, about: frame.about } })
          return
        }
        case 'refused': {
          const { about } = frame
          const { fingerprint, address } = connection
          const known = isProven && about !== undefined
          const box = known ? { box: { fingerprint, address, about } } : {}
          end({ kind: 'refused', reason: frame.reason, detail: frame.detail, ...box })
          return
        }
        default:
          end(refused('no-answer', 'it says what nobody has asked'))
      }
    }
    const connection = open({ onFrame, onClose: why => resolve(refused('no-answer', why)) })
    const certificates = { joiner: site.own, host: connection.digest }
    const joiner = beginJoin(code, certificates, randomBytes(48))
    const { session, share } = joiner.opening
    connection.send({ frame: 'join', session: hexOf(session), share: hexOf(share) })
  })
}
