import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/ipvs.test.ts', import.meta.url))
