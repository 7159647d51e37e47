/**
 * `include FILE` and its family. The letter behind it says what keepalived checks: r that files
 * can be read, m that one is there, w that a wildcard matches, b that each of `{a,b}` does, a all.
 */

import type { ParseSite } from './tree.ts'

export type IncludeCheck = 'readable' | 'match' | 'wildcard_match' | 'brace_match'

export type IncludeChecks = ReadonlySet<IncludeCheck>

const allChecks: readonly IncludeCheck[] = ['readable', 'match', 'wildcard_match', 'brace_match']

export const noChecks: IncludeChecks = new Set()

/** How keepalived writes them behind `include_check`. */
const isCheck = (text: string): text is IncludeCheck =>
  (allChecks as readonly string[]).includes(text)

const ofLetter: Readonly<Record<string, readonly IncludeCheck[]>> = {
  '': [],
  r: ['readable'],
  m: ['match'],
  w: ['wildcard_match'],
  b: ['brace_match'],
  a: allChecks,
}

export type Include = {
  readonly keyword: string
  readonly pattern: string
  readonly checks: IncludeChecks
}

/** The whole rest of the line is the name of the file. Null: the line is no include. */
export function includeOf(text: string, standing: IncludeChecks): Include | null {
  const match = /^(include([rmwba]?))[ \t]+(.+)$/s.exec(text)
  if (match === null) return null
  const [, keyword = '', letter = '', name = ''] = match
  const pattern = /^"[^"]*"$/.test(name) ? name.slice(1, -1) : name
  return { keyword, pattern, checks: new Set([...standing, ...(ofLetter[letter] ?? [])]) }
}

/** `include_check +match -readable`; without a word, all of them. */
export function changedChecks(standing: IncludeChecks, words: readonly string[]): IncludeChecks {
  if (words.length === 0) return new Set(allChecks)
  const signed = words.some(word => /^[+-]/.test(word))
  const checks = new Set(signed ? standing : [])
  for (const word of words) {
    const name = word.replace(/^[+-]/, '')
    if (!isCheck(name)) continue
    if (word.startsWith('-')) checks.delete(name)
    else checks.add(name)
  }
  return checks
}

export type Found = {
  readonly paths: readonly string[]
  /** Patterns that no file has, and whether keepalived minds. */
  readonly missing: readonly { readonly pattern: string; readonly minded: boolean }[]
}

/** Null: there are too many alternatives in its braces. */
export function filesOf(include: Include, folder: string, site: ParseSite): Found | null {
  const patterns = alternatives(include.pattern)
  if (patterns === null) return null
  const { checks } = include
  const paths: string[] = []
  const missing: { pattern: string; minded: boolean }[] = []
  for (const pattern of patterns) {
    const wild = /[*?[]/.test(pattern)
    const names = wild ? site.glob(pattern, folder) : [below(folder, pattern)]
    paths.push(...names)
    if (names.length > 0) continue
    const brace = patterns.length > 1 && checks.has('brace_match')
    missing.push({ pattern, minded: checks.has('wildcard_match') || brace })
  }
  return { paths, missing }
}

const mostAlternatives = 256
const mostBraces = 32

/** `{foo/{,cat,dog},bar}` as csh has it. */
function alternatives(pattern: string): readonly string[] | null {
  if (pattern.split('{').length - 1 > mostBraces) return null
  let todo: readonly string[] = [pattern]
  for (;;) {
    const next = todo.flatMap(split)
    if (next.length > mostAlternatives) return null
    if (next.length === todo.length && next.every((each, index) => each === todo[index]))
      return next
    todo = next
  }
}

/** Its first pair of braces; a pair without a comma still loses its braces. */
function split(pattern: string): readonly string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const choices: string[] = []
  let depth = 0
  let begin = open + 1
  for (let at = open; at < pattern.length; at++) {
    const letter = pattern.charAt(at)
    if (letter === '{') depth += 1
    if (letter === '}') depth -= 1
    if ((letter === ',' && depth === 1) || depth === 0) {
      choices.push(pattern.slice(begin, at))
      begin = at + 1
    }
    if (depth === 0)
      return choices.map(choice => pattern.slice(0, open) + choice + pattern.slice(begin))
  }
  return [pattern]
}

export const folderOf = (path: string): string => {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : slash === 0 ? '/' : path.slice(0, slash)
}

/** A path without `.` and `..`, so that a loop is seen by whatever way it goes. */
export function below(folder: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${folder}/${path}`
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!whole.startsWith('/')) parts.push(part)
  }
  return `${whole.startsWith('/') ? '/' : ''}${parts.join('/')}`
}
