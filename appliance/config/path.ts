/** Where something stands in the document. */
export type Path = readonly (string | number)[]

/** As in `cluster.routers.VI_1.virtualAddresses[0]`; '' is the whole document. */
export const pathText = (path: Path): string =>
  path.map((step, index) => (index === 0 && isPlain(step) ? step : stepText(step))).join('')

/** Behind another step. */
export function stepText(step: string | number): string {
  if (isPlain(step)) return `.${step}`
  return typeof step === 'number' ? `[${step}]` : `[${JSON.stringify(step)}]`
}

const isPlain = (step: string | number): boolean =>
  typeof step === 'string' && /^[A-Za-z0-9_$-]+$/.test(step)

/** Undefined when there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return found
}
