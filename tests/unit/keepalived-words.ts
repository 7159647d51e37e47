import { parseKeepalived } from '../../appliance/keepalived/parse.ts'
import type { Entry, ParsedFile, ParseSite } from '../../appliance/keepalived/tree.ts'

export const mainFile = '/etc/keepalived/keepalived.conf'

export type World = {
  readonly id?: string
  readonly files?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

/** A glob of stars only, which is what the tests ask for. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`).test(path)
}

export function parsed(text: string, { id, files = {}, environment = {} }: World = {}): ParsedFile {
  const site: ParseSite = {
    read: path => (path === mainFile ? text : (files[path] ?? null)),
    glob: (pattern, folder) => {
      const whole = pattern.startsWith('/') ? pattern : `${folder}/${pattern}`
      return Object.keys(files)
        .filter(path => matches(whole, path))
        .sort()
    },
    environment: name => environment[name] ?? null,
    configId: id ?? null,
  }
  return parseKeepalived(mainFile, site)
}

const word = (text: string): string => (/^[^\s"';]+$/.test(text) ? text : JSON.stringify(text))

const entry = ({ keyword, words, block }: Entry): string => {
  const line = [keyword, ...words].map(word).join(' ')
  return block === null ? line : `${line} {${block.length === 0 ? '' : ` ${shown(block)} `}}`
}

/** `vrrp_instance A { state MASTER; priority 100 }` */
export const shown = (entries: readonly Entry[]): string => entries.map(entry).join('; ')

/** As `error 3 missing-brace`. */
export const said = ({ problems }: ParsedFile): readonly string[] =>
  problems.map(({ severity, place, reason }) => `${severity} ${place.line} ${reason}`)
