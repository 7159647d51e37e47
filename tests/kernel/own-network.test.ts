import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/own-network.test.ts', import.meta.url))
