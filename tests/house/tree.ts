import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Path from the top of the tree, with slashes. */
export type SourceFile = { readonly path: string; readonly text: string }

export type Finding = {
  readonly path: string
  readonly line: number
  readonly what: string
  readonly why: string
}

export type Rule = (file: SourceFile) => readonly Finding[]

export const top = join(import.meta.dirname, '../..')

/** Text files of the tree that git would take: tracked or new, not ignored. */
export function sourceFiles(): readonly SourceFile[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const paths = execFileSync('git', list, { cwd: top, encoding: 'utf8' }).split('\0')
  return [...new Set(paths)]
    .filter(path => path !== '' && path !== 'package-lock.json' && isFile(join(top, path)))
    .map(path => ({ path, text: readFileSync(join(top, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))
}

// What is deleted and not yet committed is still in git's list.
const isFile = (path: string): boolean => existsSync(path) && lstatSync(path).isFile()

export const report = (findings: readonly Finding[]): string =>
  findings.map(({ path, line, what, why }) => `\n${path}:${line} ${what}: ${why}`).join('')

export const isTypeScript = ({ path }: SourceFile): boolean => /\.tsx?$/.test(path)

/** The first folders of a path: `appliance/web/main.ts` is in `appliance/web`. */
export const inFolder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)
