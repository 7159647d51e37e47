/** JSON in which neither the order of keys nor blanks make a difference: for digests. */
export function canonical(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? textOf(value, canonical)
    : (JSON.stringify(value) ?? 'null')
}

/**
 * The same of what nobody changes any more. Of a large document most parts are those of the one
 * before it: `known` has their texts, and gets the others.
 */
export function canonicalAmong(known: WeakMap<object, string>, value: unknown): string {
  if (typeof value !== 'object' || value === null) return canonical(value)
  const text = known.get(value) ?? textOf(value, part => canonicalAmong(known, part))
  known.set(value, text)
  return text
}

function textOf(value: object, textOfPart: (part: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map(textOfPart).join()}]`
  const table = value as Readonly<Record<string, unknown>>
  let text = ''
  // One string that grows: a document of ten thousand servers is written at every change.
  for (const key of Object.keys(table).sort()) {
    const part = table[key]
    if (part === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${textOfPart(part)}`
  }
  return `{${text}}`
}
