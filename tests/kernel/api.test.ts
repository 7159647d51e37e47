import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/api.test.ts', import.meta.url))
