import type { ParseSite } from './tree.ts'

type Here = { readonly site: ParseSite; readonly folder: string }

export type BuiltIn = { readonly value: string; readonly random: boolean }

/** `${_PWD}` and the other names that keepalived itself defines. Null: there is none. */
export function builtIn(name: string, words: string, here: Here): BuiltIn | null {
  const value = name === '_RANDOM' ? randomLeast(words) : fixed(name, words, here)
  return value === null ? null : { value, random: name === '_RANDOM' }
}

function fixed(name: string, words: string, { site, folder }: Here): string | null {
  if (name === '_ENV') return words === '' ? null : site.environment(words)
  if (words !== '') return null
  switch (name) {
    case '_PWD':
      return folder
    case '_INSTANCE':
      return site.configId
    case '_HASH':
      return '#'
    case '_BANG':
      return '!'
    default:
      return null
  }
}

/** `${_RANDOM MIN MAX}`: its least number, since the same file must always mean the same. */
const randomLeast = (words: string): string | null =>
  /^(\d+( +\d+)?)?$/.test(words) ? (/^\d+/.exec(words)?.[0] ?? '0') : null
