import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits that nobody guesses. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Whoever finds one in a log or a repository sees what it is. */
export const newToken = (): string => `diarch_${newSecret()}`

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** As `cluster.tokens` keeps it. */
export const tokenHash = (token: string): string => `sha256:${hashOf(token)}`

export const isHashOf = (token: string, kept: string): boolean => isSame(tokenHash(token), kept)

/** Made of what only the browser and we have, so it need not be kept. */
export const csrfToken = (session: string): string =>
  createHash('sha256').update(`csrf ${session}`).digest('base64url')

/** Takes as long whatever differs. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(hashOf(a)), Buffer.from(hashOf(b))]
  return timingSafeEqual(left, right)
}
