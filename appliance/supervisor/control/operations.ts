import type { operations } from '../../api/operations.ts'
import { accessPerformers } from '../access/operations.ts'
import { backupPerformers } from '../backup/operations.ts'
import { configurationPerformers } from '../configuration/operations.ts'
import { flightPerformers } from '../flights/operations.ts'
import { pairPerformers } from '../pair/operations.ts'
import { upgradePerformers } from '../upgrade/operations.ts'
import { alertPerformers } from './alert-operations.ts'
import { fencePerformers } from './fence-operations.ts'
import { healthPerformers } from './health-operations.ts'
import { metricsPerformers } from './metrics-operations.ts'
import type { PerformersOf } from './operation.ts'
import { portPerformers } from './port-operations.ts'
import { servicePerformers } from './service-operations.ts'
import { statusPerformers } from './status-operations.ts'
import { systemPerformers } from './system-operations.ts'

/** What each operation of the table in api/operations.ts does. */
export const performers: PerformersOf<typeof operations> = {
  ...statusPerformers,
  ...servicePerformers,
  ...configurationPerformers,
  ...accessPerformers,
  ...pairPerformers,
  ...backupPerformers,
  ...healthPerformers,
  ...flightPerformers,
  ...systemPerformers,
  ...portPerformers,
  ...upgradePerformers,
  ...alertPerformers,
  ...fencePerformers,
  ...metricsPerformers,
}
