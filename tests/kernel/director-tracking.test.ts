import { minutes } from '../../appliance/values/duration.ts'
import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-tracking.test.ts', import.meta.url), {
  memoryMiB: 1024,
  within: minutes(10),
})
