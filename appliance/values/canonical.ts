/** JSON in which neither the order of keys nor blanks make a difference: for digests. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const table = value as Readonly<Record<string, unknown>>
  let text = ''
  // One string that grows: a document of ten thousand servers is written at every change.
  for (const key of Object.keys(table).sort()) {
    const part = table[key]
    if (part === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(part)}`
  }
  return `{${text}}`
}
