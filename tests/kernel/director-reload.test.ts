import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-reload.test.ts', import.meta.url))
