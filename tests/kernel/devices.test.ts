import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/devices.test.ts', import.meta.url))
