import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'

/** Base64. What a passphrase opens, and what it belongs to cannot be changed. */
export type SealedText = {
  readonly salt: string
  readonly nonce: string
  readonly tag: string
  readonly data: string
}

/** RFC 7914 2: 32 MiB and some tenths of a second for each guess. */
const cost = { N: 1 << 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const
const cipherName = 'aes-256-gcm'

/** `about`: in clear beside it; with another one it does not open. */
export async function sealText(
  text: string,
  passphrase: string,
  about: string,
): Promise<SealedText> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const cipher = createCipheriv(cipherName, await keyOf(passphrase, salt), nonce)
  cipher.setAAD(Buffer.from(about))
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  }
}

/** Null: it is another passphrase, or somebody has changed something. */
export async function openSealed(
  { salt, nonce, tag, data }: SealedText,
  passphrase: string,
  about: string,
): Promise<string | null> {
  const key = await keyOf(passphrase, Buffer.from(salt, 'base64'))
  try {
    const options = { authTagLength: 16 }
    const opening = createDecipheriv(cipherName, key, Buffer.from(nonce, 'base64'), options)
    opening.setAAD(Buffer.from(about))
    opening.setAuthTag(Buffer.from(tag, 'base64'))
    const text = Buffer.concat([opening.update(Buffer.from(data, 'base64')), opening.final()])
    return text.toString('utf8')
  } catch {
    return null
  }
}

const keyOf = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same letters are not always the same bytes: keyboards differ.
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
