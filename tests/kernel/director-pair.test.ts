import { kernelTest } from '../lab/uml/kernel-test.ts'

kernelTest(new URL('inside/director-pair.test.ts', import.meta.url), { memoryMiB: 1024 })
