const [least, most] = [32, 64]

/** Bytes of a secret, written as text or as `hex:...`; null when they are too few or too many. */
export function parseSecret(text: string): Uint8Array | null {
  const bytes = text.startsWith('hex:') ? hexBytes(text.slice(4)) : new TextEncoder().encode(text)
  if (bytes === null || bytes.length < least || bytes.length > most) return null
  return bytes
}

function hexBytes(digits: string): Uint8Array | null {
  if (!/^([\da-f]{2})*$/i.test(digits)) return null
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
