/**
 * From our document to a keepalived.conf: whoever wants to leave can. It is for the box whose half
 * the document has. What is as keepalived does it without a word is left out, where our defaults
 * differ they are written. A finding is what keepalived has not, where it is used here: what is
 * off, or as nobody changed it, is none.
 */

import type { Document } from '../config/schema.ts'
import { documentSchema } from '../config/schema.ts'
import { wholeRouters } from '../config/whole-router.ts'
import { wholeServices } from '../config/whole-service.ts'
import { canonical } from '../values/canonical.ts'
import type { Named } from './export-check.ts'
import { type ExportFinding, Lacks } from './export-finding.ts'
import { globalBlock } from './export-globals.ts'
import { routerBlock, syncGroupBlocks } from './export-router.ts'
import { serviceBlocks } from './export-service.ts'
import { confText, type Line } from './export-text.ts'
import { trackerBlocks } from './export-trackers.ts'

export type Exported = {
  readonly text: string
  readonly findings: readonly ExportFinding[]
}

export type ExportOptions = {
  /** Passwords and keys stand in the text. */
  readonly secrets: boolean
}

export function exportKeepalived(document: Document, options: ExportOptions): Exported {
  const lacks = new Lacks()
  const named: Named = { document, lacks, files: new Map(), sessions: new Map() }
  const above = [...globalBlock(document, lacks), ...trackerBlocks(document, lacks)]
  const routers = wholeRouters(document).map(each => routerBlock(each, document, options, lacks))
  const groups = syncGroupBlocks(document, lacks)
  const services = wholeServices(document).flatMap(each => serviceBlocks(each, named))
  const lines = [
    '# Made by Diarch, for keepalived 2.2 and later.',
    ...foreign(document, lacks),
    ...above,
    ...fileBlocks(named),
    ...named.sessions.values(),
    ...routers,
    ...groups,
    ...services,
  ]
  return { text: confText(lines), findings: lacks.all() }
}

/** Files that only checks look at. */
const fileBlocks = ({ document: { cluster }, files }: Named): readonly Line[] =>
  [...files].flatMap(([path, name]) =>
    Object.hasOwn(cluster.trackers, name)
      ? []
      : [{ head: `track_file ${name}`, body: [`file ${path}`] }],
  )

const known = {
  cluster: [
    ...['routers', 'syncGroups', 'trackers', 'notify', 'checks', 'services', 'director', 'alerts'],
  ],
  node: ['routers', 'checks', 'director'],
} as const

/** Parts of the document that are about no thing that keepalived does. */
function foreign(document: Document, lacks: Lacks): readonly string[] {
  const empty = documentSchema.parse({ schemaVersion: document.schemaVersion, cluster: {} })
  return (['cluster', 'node'] as const).flatMap(half => {
    const usual = empty[half] as Readonly<Record<string, unknown>>
    return Object.entries(document[half]).flatMap(([key, value]) =>
      lacks.sayIf(
        !(known[half] as readonly string[]).includes(key) &&
          canonical(value) !== canonical(usual[key]),
        [half, key],
        'keepalived has nothing to do with it: the system that it runs on does it',
      ),
    )
  })
}
