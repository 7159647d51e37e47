import { kernelTest } from '../lab/uml/kernel-test.ts'

/** In a kernel that knows FAT, and where nobody else mounts. */
kernelTest(new URL('inside/boot-environment.test.ts', import.meta.url))
