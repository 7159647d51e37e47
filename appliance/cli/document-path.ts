import { nearest } from '../config/near.ts'
import { type Path, pathText, valueAt } from '../config/path.ts'
import { exitCode, Failure } from './exit-code.ts'

/** What stands between dots or in brackets; a shell may have taken the quotes away. */
const step = /^(?:\.?([^.[\]"]+)|\[(?:(\d+)|("(?:[^"\\]|\\.)*")|([^[\]"]+))\])/

/** A path as findings print it: `cluster.services.web.servers["10.0.0.1:80"].weight`. */
export function parsePath(text: string): Path {
  const path: (string | number)[] = []
  for (let rest = text; rest !== ''; ) {
    const found = step.exec(rest)
    if (found === null) throw new Failure(unreadable(text, rest), exitCode.usage)
    const [whole, word, index, quoted, bare] = found
    path.push(index === undefined ? named(word ?? bare, quoted) : Number(index))
    rest = rest.slice(whole.length)
  }
  return path
}

const named = (word: string | undefined, quoted: string | undefined): string =>
  word ?? (JSON.parse(quoted ?? '""') as string)

const unreadable = (text: string, rest: string): string =>
  `the path "${text}" cannot be read at "${rest}": ` +
  `expected names and places such as cluster.routers.VI_1.virtualAddresses[0] or ["web.1"]`

/** RFC 6901, as patches have it. */
export const pointer = (path: Path): string =>
  path.map(each => `/${`${each}`.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Fails with the last part that there is, and a near name. */
export function existingValue(document: unknown, path: Path): unknown {
  const missing = path.findIndex((_, index) => !isThere(document, path.slice(0, index + 1)))
  if (missing < 0) return valueAt(document, path)
  const within = path.slice(0, missing)
  const names = namesIn(valueAt(document, within))
  const word = `${path[missing]}`
  const near = nearest(word, names) ?? names.find(each => each.startsWith(word)) ?? null
  const hint =
    near === null ? thereIs(within, names) : `did you mean ${pathText([...within, near])}?`
  throw new Failure(`there is no ${pathText(path.slice(0, missing + 1))}: ${hint}`)
}

/** Null is a value too. */
export const isThere = (document: unknown, path: Path): boolean =>
  valueAt(document, path) !== undefined

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.keys(value)
}

const mostNames = 12

function thereIs(within: Path, names: readonly string[]): string {
  const where = pathText(within) || 'the document'
  if (names.length === 0) return `${where} has nothing of that name, or it is not written there`
  const more = names.length > mostNames ? ', ...' : ''
  return `${where} has ${names.slice(0, mostNames).join(', ')}${more}`
}
