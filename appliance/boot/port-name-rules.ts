/** Names that the kernel gives by itself, and those of its settings for all interfaces. */
const reserved = /^(eth\d+|lo|all|default)$/

/** Null when an operator may call a port so. The kernel allows 15 bytes. */
export const portNameProblem = (name: string): string | null => {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(name)) {
    return 'is not 1 to 15 letters, digits, - or _ that begin with a letter'
  }
  return reserved.test(name) ? 'is reserved by the system' : null
}

/** Smallest free number; a port that is missing keeps its name. */
export const nextFreeName = (used: ReadonlySet<string>): string => {
  let number = 1
  while (used.has(`port${number}`)) number += 1
  return `port${number}`
}

/**
 * The order on the bus. PCI addresses are hexadecimal of fixed width and USB ports are decimal
 * without leading zeros: shorter first, then by character, is right for both.
 */
export const byBusPath = (one: string, two: string): number => {
  const left = one.split(/[/:.#-]/)
  const right = two.split(/[/:.#-]/)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [a = '', b = ''] = [left[i], right[i]]
    if (a.length !== b.length) return a.length - b.length
    if (a !== b) return a < b ? -1 : 1
  }
  return left.length - right.length
}
