import { kernelTest } from '../lab/uml/kernel-test.ts'

/** The same tests in a kernel that knows FAT, whatever the one of this machine knows. */
kernelTest(new URL('./boot-environment.test.ts', import.meta.url))
