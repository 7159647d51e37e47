import { relative } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { InsideTest } from './outcome.ts'
import { type KernelOptions, runInside } from './run-inside.ts'

const replay = async (t: TestContext, inside: InsideTest): Promise<void> => {
  const options = inside.skip === null ? {} : { skip: inside.skip }
  await t.test(inside.name, options, async t => {
    t.diagnostic(`took ${inside.milliseconds.toFixed(0)} ms inside the kernel`)
    for (const subtest of inside.subtests) await replay(t, subtest)
    if (inside.error === null || inside.error.ofSubtests) return
    const { message, stack } = inside.error
    throw Object.assign(new Error(message), { stack })
  })
}

/**
 * A test file that runs inside a kernel of its own, with IPVS and everything else that the running
 * kernel may lack. Its tests are reported here as if they ran here.
 */
export const kernelTest = (file: URL, options?: KernelOptions): void => {
  const path = relative(process.cwd(), file.pathname)
  void test(`inside a kernel: ${path}`, async t => {
    const outcome = await runInside(file.pathname, options)
    if (outcome.bootSeconds) t.diagnostic(`booted in ${outcome.bootSeconds} s`)
    process.stdout.write(outcome.output)
    for (const inside of outcome.tests) await replay(t, inside)
    if (outcome.failure) throw new Error(outcome.failure)
  })
}
