import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-tracking.test.ts', import.meta.url))
