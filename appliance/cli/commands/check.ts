import type { Command } from 'commander'
import { parseDocument } from '../../config/document.ts'
import { findingText } from '../../config/finding.ts'
import { importKeepalived } from '../../keepalived/import.ts'
import { inOrderOfLines } from '../../keepalived/import-finding.ts'
import { examples } from '../examples.ts'
import { exitCode } from '../exit-code.ts'
import {
  codeOf,
  countsText,
  type FileOptions,
  findingLines,
  readKeepalived,
  readScript,
  readText,
} from '../keepalived-file.ts'

export function addCheck(diarch: Command): void {
  diarch
    .command('check')
    .description('say what is wrong with a configuration document or a keepalived.conf')
    .argument('<file>', 'begins with "{": a document; else a keepalived.conf')
    .option('--id <name>', 'for lines with @name, as keepalived -i (default: the host name)')
    .option('--strict', 'refuse what is not supported')
    .option('--json', 'the findings as a list of objects')
    .addHelpText('after', '\nExit code 0: it is good. 4: some lines are not supported. 5: refused.')
    .addHelpText('after', examples('check pair.json', 'check /etc/keepalived/keepalived.conf'))
    .action(look)
}

type Options = FileOptions & { readonly json?: true }

function look(path: string, options: Options): void {
  const text = readText(path)
  if (/^\s*\{/.test(text)) lookAtDocument(path, text, options)
  else lookAtKeepalived(path, options)
}

function lookAtDocument(path: string, text: string, { json }: Options): void {
  const parsed = parseDocument(text)
  const findings = parsed.kind === 'refused' ? parsed.findings : []
  process.exitCode = findings.length > 0 ? exitCode.refused : exitCode.ok
  if (json) {
    console.log(JSON.stringify(findings, null, 2))
    return
  }
  for (const finding of findings) {
    const { place } = finding
    const at = place === null ? path : `${path}:${place.line}:${place.column}`
    console.log(`${at}: error: ${findingText({ ...finding, place: null })}`)
  }
  if (parsed.kind === 'refused') return
  for (const note of parsed.notes) console.log(`${path}: note: ${note}`)
  console.log(`${path} is good`)
}

function lookAtKeepalived(path: string, options: Options): void {
  const { entries, findings: found } = readKeepalived(path, options)
  const { findings } = importKeepalived(entries, { strict: options.strict === true, readScript })
  const all = inOrderOfLines(found, findings)
  process.exitCode = codeOf(all)
  if (options.json) console.log(JSON.stringify(all, null, 2))
  else console.log([...findingLines(all), countsText(all)].join('\n'))
}
