import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/keepalived-move.test.ts', import.meta.url))
