import { seconds } from '../../appliance/values/duration.ts'
import { kernelTest } from '../lab/uml/kernel-test.ts'
import { compileNative } from '../processes/supervisor-lab.ts'

// The kernel inside sees the tree read-only.
compileNative()
kernelTest(new URL('inside/ipvs-live.test.ts', import.meta.url), { within: seconds(60) })
