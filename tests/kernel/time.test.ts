import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/time.test.ts', import.meta.url))
