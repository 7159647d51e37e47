import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-ways.test.ts', import.meta.url))
