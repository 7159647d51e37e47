import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/links.test.ts', import.meta.url))
