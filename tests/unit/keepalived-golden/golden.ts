import { globSync, readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { importKeepalived } from '../../../appliance/keepalived/import.ts'
import {
  type Finding,
  inOrderOfLines,
  languageFindings,
} from '../../../appliance/keepalived/import-finding.ts'
import { parseKeepalived } from '../../../appliance/keepalived/parse.ts'

/** `passes`: keepalived -t has nothing to say about them. `warns`: it has. */
export const folders = ['passes', 'warns'] as const

const here = import.meta.dirname

/** As in `passes/instance`. */
export const goldens: readonly string[] = folders.flatMap(folder =>
  readdirSync(join(here, folder))
    .filter(file => file.endsWith('.conf'))
    .map(file => `${folder}/${file.replace('.conf', '')}`),
)

export const confOf = (name: string): string => join(here, `${name}.conf`)
export const goldenOf = (name: string): string => join(here, `${name}.golden`)

/** What becomes of a file, with nothing in it of the machine that the test runs on. */
export function importedGolden(name: string) {
  const folder = join(here, name.split('/')[0] ?? '')
  const parsed = parseKeepalived(`${name.split('/')[1]}.conf`, {
    read: path => {
      try {
        return readFileSync(join(folder, path), 'utf8')
      } catch {
        return null
      }
    },
    glob: (pattern, within) =>
      isAbsolute(pattern) ? [] : globSync(join(within, pattern), { cwd: folder }).toSorted(),
    environment: variable => (variable === 'DIARCH_GOLDEN' ? 'from-outside' : null),
    configId: 'one',
  })
  const { document, findings } = importKeepalived(parsed.entries)
  return { document, findings: inOrderOfLines(languageFindings(parsed, false), findings) }
}

/** The document, and then each line with what became of it. */
export function goldenText(name: string): string {
  const { document, findings } = importedGolden(name)
  return `${[JSON.stringify(document, null, 2), ...findings.map(findingLine)].join('\n')}\n`
}

const findingLine = ({ place, keyword, outcome, text, path }: Finding): string => {
  const where = path === null ? '' : ` (${path})`
  const what = keyword === undefined ? '' : `${keyword}: `
  return `${place.file}:${place.line}: ${what}${outcome}${text === '' ? '' : `: ${text}`}${where}`
}
