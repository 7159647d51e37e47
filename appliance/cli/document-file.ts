import { readFileSync } from 'node:fs'
import { type Finding, findingText, type Place } from '../config/finding.ts'
import { readJson } from '../config/json-text.ts'
import { parsePath } from './document-path.ts'
import { exitCode, Failure } from './exit-code.ts'
import { fileTrouble } from './file-trouble.ts'

/** A document as somebody has written it, so that a refusal can name the line. */
export type DocumentFile = {
  readonly document: unknown
  readonly placeOf: (finding: Finding) => Place | null
}

/** What is said of a text that is no JSON. */
export type NotJson = { readonly place: Place; readonly text: string }

export function readDocument(text: string): DocumentFile | NotJson {
  const read = readJson(text)
  if (read.kind === 'not-json') {
    const { place, expected, found, hint } = read
    const finding = { path: '', place: null, reason: read.kind, value: found, expected, hint }
    return { place, text: findingText(finding) }
  }
  return {
    document: read.value,
    placeOf: ({ path }) => read.placeOf(parsePath(path)),
  }
}

/** `-` is standard input. */
export function textOfFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw fileTrouble(error, nameOfFile(path), 'read')
  }
}

export const nameOfFile = (path: string): string => (path === '-' ? 'standard input' : path)

export function readDocumentFile(path: string): DocumentFile {
  const text = textOfFile(path)
  const name = nameOfFile(path)
  sayNotOurs(path, text)
  const read = readDocument(text)
  if ('document' in read) return read
  const { line, column } = read.place
  throw new Failure(`${name}:${line}:${column}: refused: ${read.text}`, exitCode.refused)
}

/** Throws for what is no JSON at first sight: it may be the file of another program. */
export function sayNotOurs(path: string, text: string): void {
  if (!/^[\s\ufeff]*[{["]/.test(text)) throw new Failure(notOurs(path, text), exitCode.refused)
}

const keepalivedWord = /^\s*(global_defs|vrrp_\w+|virtual_server\w*|bfd_instance|static_\w+)\b/m

function notOurs(path: string, text: string): string {
  const name = nameOfFile(path)
  if (text.trim() === '') return `${name} is empty: expected a configuration document (JSON)`
  if (!keepalivedWord.test(text)) {
    return `${name} is no configuration document: expected JSON, which begins with "{"`
  }
  const advice = path === '-' ? 'diarch import FILE --apply' : `diarch import ${path} --apply`
  return `${name} is a keepalived.conf: "${advice}" brings it in`
}
