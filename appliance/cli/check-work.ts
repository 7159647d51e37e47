import { parseDocument } from '../config/document.ts'
import { findingText } from '../config/finding.ts'
import { importKeepalived } from '../keepalived/import.ts'
import { inOrderOfLines } from '../keepalived/import-finding.ts'
import { nameOfFile, textOfFile } from './document-file.ts'
import { exitCode } from './exit-code.ts'
import {
  codeOf,
  countsText,
  type FileOptions,
  foldedLines,
  readKeepalived,
  readScript,
} from './keepalived-file.ts'

export type CheckOptions = FileOptions & { readonly json?: true }

/** With several files the exit code is that of the worst. */
export function look(paths: readonly string[], options: CheckOptions): void {
  const looks = paths.map(path => lookAt(path, options))
  process.exitCode = Math.max(...looks.map(({ code }) => code))
  const findings = looks.flatMap(each => each.findings)
  if (options.json) console.log(JSON.stringify(findings, null, 2))
}

type Look = { readonly code: number; readonly findings: readonly object[] }

function lookAt(path: string, options: CheckOptions): Look {
  const text = textOfFile(path)
  const isDocument = /^\s*\{/.test(text) || (text.trim() === '' && path.endsWith('.json'))
  if (isDocument) return lookAtDocument(nameOfFile(path), text, options)
  return lookAtKeepalived(path, text, options)
}

function lookAtDocument(path: string, text: string, { json }: CheckOptions): Look {
  const parsed = parseDocument(text)
  const findings = parsed.kind === 'refused' ? parsed.findings : []
  const code = findings.length > 0 ? exitCode.refused : exitCode.ok
  if (json) return { code, findings: findings.map(each => ({ file: path, ...each })) }
  for (const finding of findings) {
    const { place } = finding
    const at = place === null ? path : `${path}:${place.line}:${place.column}`
    console.log(`${at}: error: ${findingText({ ...finding, place: null })}`)
  }
  if (parsed.kind === 'refused') return { code, findings }
  for (const note of parsed.notes) console.log(`${path}: note: ${note}`)
  console.log(`${path} is good`)
  return { code, findings }
}

function lookAtKeepalived(path: string, text: string, options: CheckOptions): Look {
  const { entries, findings: found } = readKeepalived(path, options, text)
  const { findings } = importKeepalived(entries, { strict: options.strict === true, readScript })
  const all = inOrderOfLines(found, findings)
  if (!options.json) console.log([...foldedLines(all), countsText(all)].join('\n'))
  return { code: codeOf(all), findings: all }
}
