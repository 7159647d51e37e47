/**
 * Passwords as the configuration keeps them: hashed, in the PHC string format, which says with
 * which parameters. `ln` is the binary logarithm of scrypt's N (RFC 7914 2).
 */

export const scryptCost = { log2N: 13, r: 8, p: 10 } as const

const { log2N, r, p } = scryptCost
const prefix = `$scrypt$ln=${log2N},r=${r},p=${p}$`

/** 16 bytes of salt and 32 of the key, in base64 without padding. */
const pattern = /^\$scrypt\$ln=13,r=8,p=10\$([A-Za-z\d+/]{22})\$([A-Za-z\d+/]{43})$/

export type HashedPassword = { readonly salt: string; readonly key: string }

export const hashedText = ({ salt, key }: HashedPassword): string => `${prefix}${salt}$${key}`

/** Null: it is no hashed password, so it is one in clear. */
export function parseHashed(text: string): HashedPassword | null {
  const [, salt, key] = pattern.exec(text) ?? []
  return salt === undefined || key === undefined ? null : { salt, key }
}
