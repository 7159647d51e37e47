import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { hashedText, parseHashed, scryptCost } from '../access/password-text.ts'

const saltBytes = 16
const keyBytes = 32

/** The text that the configuration keeps of a password in clear. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const key = await derived(password, salt)
  return hashedText({ salt: unpadded(salt), key: unpadded(key) })
}

/** Nobody's: it makes an unknown user cost what a known one does. */
const nobodys = { salt: unpadded(randomBytes(saltBytes)), key: unpadded(randomBytes(keyBytes)) }

/**
 * Whether this is the password that is kept as `kept`, hashed or, in a file that somebody writes
 * himself, in clear. Null: there is none, and the answer takes as long as any other.
 */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const hashed = kept === null ? null : parseHashed(kept)
  const { salt, key } = hashed ?? nobodys
  const found = await derived(password, Buffer.from(salt, 'base64'))
  const isHashed = timingSafeEqual(found, Buffer.from(key, 'base64'))
  if (hashed !== null || kept === null) return hashed !== null && isHashed
  return timingSafeEqual(digest(normal(kept)), digest(normal(password)))
}

/**
 * Every password of `cluster.users` hashed; the document is otherwise as it was. A password that a
 * user has in `before` too keeps the text that it has there: nothing has changed.
 */
export async function hashPasswords(document: unknown, before?: unknown): Promise<unknown> {
  const cluster = isTable(document) ? document.cluster : undefined
  const users = usersOf(document)
  if (!isTable(document) || !isTable(cluster) || !isTable(users)) return document
  const hashed: [string, unknown][] = []
  // One after the other: each takes 16 MB while it is worked on.
  for (const [name, user] of Object.entries(users)) {
    const password = isTable(user) ? user.password : undefined
    const needed = typeof password === 'string' && parseHashed(password) === null
    const known = usersOf(before)?.[name]
    const old = isTable(known) && typeof known.password === 'string' ? known.password : null
    const kept = needed ? { ...Object(user), password: await textOf(password, old) } : user
    hashed.push([name, kept])
  }
  return { ...document, cluster: { ...cluster, users: Object.fromEntries(hashed) } }
}

function usersOf(document: unknown): Readonly<Record<string, unknown>> | undefined {
  const cluster = isTable(document) ? document.cluster : undefined
  const users = isTable(cluster) ? cluster.users : undefined
  return isTable(users) ? users : undefined
}

async function textOf(password: string, old: string | null): Promise<string> {
  const same = old !== null && parseHashed(old) !== null && (await isPassword(password, old))
  return same ? old : hashPassword(password)
}

function derived(password: string, salt: Uint8Array): Promise<Buffer> {
  const { log2N, r, p } = scryptCost
  return new Promise((resolve, reject) => {
    scrypt(normal(password), salt, keyBytes, { N: 2 ** log2N, r, p }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/** Two keyboards write one letter in two ways. */
const normal = (password: string): string => password.normalize('NFKC')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
