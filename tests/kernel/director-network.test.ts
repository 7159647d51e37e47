import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-network.test.ts', import.meta.url))
