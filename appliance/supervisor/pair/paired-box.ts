import { newestVersion } from '../../config/migrations.ts'
import type { Settings } from '../settings.ts'
import type { Surroundings } from '../surroundings.ts'
import type { PairSite } from './pair.ts'

/** What the other box hears of this one, and what of it can be paired. */
export const pairedBox = (
  { stateDir, configFile }: Settings,
  surroundings: Surroundings,
  version: string,
): Pick<PairSite, 'stateDir' | 'usesFile' | 'about' | 'ports'> => ({
  stateDir,
  usesFile: configFile !== null,
  about: () => {
    // 64 is the longest host name of Linux.
    const name = surroundings.hostname.slice(0, 64)
    return { name, version, schemaVersion: newestVersion }
  },
  ports: () => surroundings.ports.map(port => port.name),
})
