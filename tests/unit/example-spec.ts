import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { minutes, seconds } from '../../appliance/values/duration.ts'

/** A child that speaks, for tests in which nothing is started. */
export const exampleSpec: ProcessSpec = {
  name: 'web',
  command: ['/bin/true'],
  order: 1,
  user: null,
  trusted: false,
  hearsStatus: true,
  capabilities: [],
  scheduling: { kind: 'normal', nice: 0 },
  restart: {
    when: 'always',
    firstWait: seconds(1),
    factor: 2,
    longestWait: seconds(5),
    forgetAfter: minutes(1),
  },
  memoryLimitMiB: null,
  ready: { by: 'message', within: seconds(10) },
  silentLimit: seconds(5),
  stopWithin: seconds(4),
}
