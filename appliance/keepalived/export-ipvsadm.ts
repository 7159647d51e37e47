/** What the director writes into the kernel while all servers are up, for `ipvsadm -R`. */

import { directorConfig } from '../config/director-config.ts'
import type { Path } from '../config/path.ts'
import type { Document } from '../config/schema.ts'
import { saveText } from '../ipvs/save-text.ts'
import type { Exported } from './export.ts'
import { Lacks } from './export-finding.ts'

export function exportIpvsadm(document: Document): Exported {
  const { services } = directorConfig(document)
  const lacks = new Lacks()
  const table = services.flatMap(({ at, settings, servers }) =>
    at.map(place => ({
      at: place,
      settings,
      destinations: servers.map(({ at: where, settings: own }) => ({ at: where, settings: own })),
    })),
  )
  for (const { name, servers, sorry } of services) {
    const path: Path = ['cluster', 'services', name]
    if (servers.some(({ checks }) => checks.length > 0)) {
      lacks.say([...path, 'checks'], 'ipvsadm asks nobody: a server that dies stays in the table')
    }
    if (sorry !== null) {
      lacks.say([...path, 'sorryServer'], 'ipvsadm has none: it is left out')
    }
  }
  const { sync, timeouts } = document.cluster.director
  const at: Path = ['cluster', 'director']
  if (sync !== null) {
    lacks.say([...at, 'sync'], 'a saved table has none: start it with "ipvsadm --start-daemon"')
  }
  const { tcp, tcpFin, udp } = timeouts
  if (tcp !== null || tcpFin !== null || udp !== null) {
    lacks.say([...at, 'timeouts'], 'a saved table has none: set them with "ipvsadm --set"')
  }
  return { text: saveText(table), findings: lacks.all() }
}
