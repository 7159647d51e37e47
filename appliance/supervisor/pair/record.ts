import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { writeDurably } from '../../linux/durable-file.ts'
import type { PairedBox } from '../../pairing/pair-messages.ts'

/** What newer software has written more is not read: a box may go back to its other slot. */
const known = z.object({
  fingerprint: z.string(),
  /** The key that it uses next; null: it has not said that it has another one. */
  next: z.string().nullable().default(null),
  /** Since when this box has known its key; null: nobody has written that down. */
  keySince: z.string().nullable().default(null),
  name: z.string(),
  address: z.string(),
  port: z.number(),
  version: z.string(),
  /** What both boxes had last. 0: it has never had what we have, or we what it has. */
  agreed: z.strictObject({ hash: z.string(), count: z.number() }),
})
export type KnownBox = z.output<typeof known>

export const knownBox = (
  { fingerprint, address, about }: PairedBox,
  agreed: KnownBox['agreed'],
): KnownBox => {
  const { name, port, version } = about
  const keySince = new Date().toISOString()
  return { fingerprint, next: null, keySince, address, agreed, name, port, version }
}

const record = z.object({
  peer: known.nullable(),
  /** It has proven the code, and becomes the peer when it has our configuration. */
  guest: known.nullable(),
  /** Changes of here that the peer has not heard of. */
  waiting: z.number(),
})
export type PairRecord = z.output<typeof record>

export const nobody: PairRecord = { peer: null, guest: null, waiting: 0 }

const fileIn = (stateDir: string): string => join(stateDir, 'peer.json')

export const hasPairRecord = (stateDir: string): boolean => existsSync(fileIn(stateDir))

/** `onTrouble`: a file that is no record; the box trusts nobody then. */
export function readPairRecord(stateDir: string, onTrouble: (why: string) => void): PairRecord {
  let text: string
  try {
    text = readFileSync(fileIn(stateDir), 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') onTrouble(message)
    return nobody
  }
  try {
    return record.parse(JSON.parse(text))
  } catch {
    onTrouble(`${fileIn(stateDir)} is damaged: pair the boxes again`)
    return nobody
  }
}

export const writePairRecord = (stateDir: string, content: PairRecord): void =>
  writeDurably(fileIn(stateDir), `${JSON.stringify(content, null, 2)}\n`)
