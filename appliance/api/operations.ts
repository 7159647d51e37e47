import { accessOperations } from './access-operations.ts'
import { alertOperations } from './alert-operations.ts'
import { backupOperations } from './backup-operations.ts'
import { configurationOperations } from './configuration-operations.ts'
import { fenceOperations } from './fence-operations.ts'
import { flightOperations } from './flight-operations.ts'
import { healthOperations } from './health-operations.ts'
import { metricsOperations } from './metrics-operations.ts'
import { pairOperations } from './pair-operations.ts'
import { portOperations } from './port-operations.ts'
import { serviceOperations } from './service-operations.ts'
import { statusOperations } from './status-operations.ts'
import { systemOperations } from './system-operations.ts'
import { upgradeOperations } from './upgrade-operations.ts'

/**
 * Every operation of the control API by its id. The supervisor's `performers` does them, OpenAPI
 * and docs/reference/api.md are made of it. Where two paths fit, the one that comes first is meant.
 */
export const operations = {
  ...statusOperations,
  ...serviceOperations,
  ...configurationOperations,
  ...accessOperations,
  ...pairOperations,
  ...backupOperations,
  ...healthOperations,
  ...flightOperations,
  ...systemOperations,
  ...portOperations,
  ...upgradeOperations,
  ...alertOperations,
  ...fenceOperations,
  ...metricsOperations,
} as const

export type OperationId = keyof typeof operations

export const operationIds = Object.keys(operations) as readonly OperationId[]
