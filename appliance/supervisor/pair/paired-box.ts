import { networkInterfaces } from 'node:os'
import { newestVersion } from '../../config/migrations.ts'
import { slotPartition } from '../../linux/slot-partition.ts'
import type { Settings } from '../settings.ts'
import type { Surroundings } from '../surroundings.ts'
import type { TimeKeeper } from '../time/time-keeper.ts'
import { runningSoftware } from '../upgrade/running-software.ts'
import type { PairSite } from './site.ts'

/** What the other box hears of this one, and what of it can be paired. */
export const pairedBox = (
  { appliance, stateDir, runDir, configFile }: Settings,
  surroundings: Surroundings,
  version: string,
  time: TimeKeeper,
): Pick<
  PairSite,
  'isSynchronised' | 'appliance' | 'stateDir' | 'usesFile' | 'about' | 'ports' | 'image'
> => ({
  appliance,
  isSynchronised: () => time.isSynchronised,
  stateDir,
  usesFile: configFile !== null,
  about: () => {
    // 64 is the longest host name of Linux.
    const name = surroundings.hostname.slice(0, 64)
    return { name, version, schemaVersion: newestVersion }
  },
  image: {
    runDir,
    changesUser: process.getuid?.() === 0 && appliance,
    software: () => runningSoftware({ running: () => surroundings.slot, partition: slotPartition }),
  },
  // Off the image the ports are the host's own, and none is in the status.
  ports: () => (appliance ? surroundings.ports.map(port => port.name) : portsOfHost()),
})

const portsOfHost = (): readonly string[] =>
  Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.every(({ internal }) => internal) ? [] : name,
  )
