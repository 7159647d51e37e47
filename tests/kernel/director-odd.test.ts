import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-odd.test.ts', import.meta.url))
