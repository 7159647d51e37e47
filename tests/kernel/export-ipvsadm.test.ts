import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/export-ipvsadm.test.ts', import.meta.url))
