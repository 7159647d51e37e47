import { readdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { least, type Parts, pair } from './pair.ts'

/** A document, and the lines with which it is refused: none when it is good. */
export type Row = {
  readonly what: string
  readonly document: unknown
  readonly refused: readonly string[]
}

type Written = Parts & {
  readonly what: string
  /** Keys of `least` that VI_1 has not. */
  readonly without?: readonly string[]
  readonly refused?: readonly string[]
}

export function rowsOf(file: string): readonly Row[] {
  const text = readFileSync(resolve(import.meta.dirname, file), 'utf8')
  return (JSON.parse(text) as readonly Written[]).map(written => {
    const { what, without = [], refused = [], router, ...parts } = written
    const absent = Object.fromEntries(without.map(key => [key, undefined]))
    return { what, refused, document: pair({ ...parts, router: { ...router, ...absent } }) }
  })
}

/** By what they are about: one file each. */
export const contradictions = (): readonly (readonly [about: string, rows: readonly Row[]])[] =>
  readdirSync(resolve(import.meta.dirname, 'contradictions')).map(file => [
    basename(file, '.json'),
    rowsOf(`contradictions/${file}`),
  ])

/** So many addresses for VI_1, each another one. */
export const crowded = (addresses: readonly unknown[], router: object = {}): unknown =>
  pair({ router: { ...least, ...router, virtualAddresses: addresses } })
