import { createHash, randomBytes } from 'node:crypto'
import type { Secrets } from '../config/secrets.ts'
import { canonical } from '../values/canonical.ts'

/**
 * A file of secrets is named by a digest of its content, which the revision's checksum covers. The
 * salt stays in the file: without it nobody tries passwords against the name.
 */
export type SecretFile = { readonly name: string; readonly text: string }

export function secretFile(number: number, secrets: Secrets): SecretFile {
  const content = { salt: randomBytes(16).toString('hex'), secrets }
  return { name: `${fileNumber(number)}-${digest(content)}.json`, text: JSON.stringify(content) }
}

/** Null: it is not what its name says. */
export function readSecretFile({ name, text }: SecretFile): Secrets | null {
  try {
    const content = JSON.parse(text)
    return name.endsWith(`-${digest(content)}.json`) ? content.secrets : null
  } catch {
    return null
  }
}

const digest = (content: unknown): string =>
  createHash('sha256').update(canonical(content)).digest('hex')

export const fileNumber = (number: number): string => `${number}`.padStart(8, '0')
