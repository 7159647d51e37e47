/** A row of docs/reliability.md says what measures it; its last cell is what that has measured. */

import type { Case, Figures } from './report.ts'

/** What `--json` of each benchmark has written: `guard` is of bench:guard. */
export type Measured = ReadonlyMap<string, readonly Case[]>

const measuredBy = /`npm run bench:(\w+)[^`]*` \(([^)]+)\)/g

/** The page with the last cell of each row made anew. Throws where a row names no case. */
export function withFigures(page: string, measured: Measured): string {
  const lines = page.split('\n')
  const from = lines.findIndex(line => line.startsWith('| What fails '))
  const end = lines.indexOf('', from)
  return lines
    .map((line, index) => {
      if (index < from + 2 || index >= end) return line
      const cells = line.replace(/ \|$/, '').split(' | ')
      const named = [...line.matchAll(measuredBy)]
      const found = named.map(([, bench = '', words = '']) => {
        const figures = shown(casesOf(measured, bench, words), words)
        return named.length > 1 ? `*${words}*<br>${figures}` : figures
      })
      const last = found.length > 0 ? found.join('<br>') : 'held by its tests'
      return [...cells.slice(0, 4), `${last} |`].join(' | ')
    })
    .join('\n')
}

function casesOf(measured: Measured, bench: string, words: string): readonly Case[] {
  const all = measured.get(bench)
  if (all === undefined) throw new Error(`docs/measured/${bench}.json is not there`)
  const cases = all.filter(({ name }) => name.includes(words))
  if (cases.length === 0) throw new Error(`bench:${bench} has no case with "${words}" in its name`)
  return cases
}

function shown(cases: readonly Case[], words: string): string {
  const [only, ...more] = cases
  if (only !== undefined && more.length === 0) return figuresOf(only)
  const names = distinct(cases.map(({ name }) => name.replace(words, '')))
  return cases.map((each, index) => `${names[index]}: ${figuresOf(each)}`).join('<br>')
}

/** Without the words that all of them begin with, and without those that all end with. */
function distinct(names: readonly string[]): readonly string[] {
  const rest = (all: readonly (readonly string[])[]): readonly (readonly string[])[] => {
    const word = all[0]?.[0]
    const same = word !== undefined && all.every(each => each[0] === word)
    return same ? rest(all.map(each => each.slice(1))) : all
  }
  const backwards = (each: readonly string[]) => each.toReversed()
  const own = rest(rest(names.map(name => name.split(' '))).map(backwards)).map(backwards)
  return own.map(each => each.join(' ').replaceAll(/^[\s,:]+|[\s,:]+$/g, ''))
}

function figuresOf(each: Case): string {
  if ('why' in each) return 'not measured'
  if ('value' in each) return `${spread(each.value)} ${each.unit}`.trim()
  return `${spread(each.diarch)} ${each.unit}, ${each.peer.name} ${rounded(each.peer.median)}`
}

const spread = ({ median, min, max, n }: Figures): string =>
  n === 1 || min === max
    ? `**${rounded(median)}**`
    : `**${rounded(median)}** (${rounded(min)}–${rounded(max)})`

const rounded = (figure: number): number =>
  figure >= 100 ? Math.round(figure) : Math.round(figure * 10) / 10
