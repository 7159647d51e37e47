export function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Each part behind its length in LEB128, so that no two lists of parts give the same bytes. */
export const lengthFirst = (...parts: readonly Uint8Array[]): Uint8Array =>
  concatenated(...parts.flatMap(part => [Uint8Array.from(leb128(part.length)), part]))

function leb128(length: number): readonly number[] {
  const low = length & 0x7f
  return length < 0x80 ? [low] : [low | 0x80, ...leb128(length >>> 7)]
}

/** In a time that does not tell where they differ. */
export function isSameSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}
