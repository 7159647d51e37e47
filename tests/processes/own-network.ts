import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

const marker = 'DIARCH_TEST_OWN_NETWORK'

/**
 * Runs the tests of a file again in a network namespace of its own, which has no interface but `lo`
 * and goes with the process. Call it with `import.meta.filename` around everything in the file.
 */
export const inOwnNetwork = (file: string, tests: () => void): void => {
  if (process.env[marker]) {
    tests()
    return
  }
  test('in a network of its own', async t => {
    // /sys shows the network namespace in which it was mounted.
    const shell = 'mount -t sysfs sysfs /sys && ip link set lo up && exec "$@"'
    const words = ['--net', '--mount', 'sh', '-c', shell, 'sh', process.execPath]
    const env: NodeJS.ProcessEnv = { ...process.env, [marker]: '1' }
    // Set for files that the test runner starts; it would make this one talk to nobody.
    delete env.NODE_TEST_CONTEXT
    const node = [...words, '--test-reporter=tap', file]
    const run = promisify(execFile)('unshare', node, { env, timeout: 300_000 })
    const { stdout } = await run.catch(error => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`)
    })
    for (const [, name] of stdout.matchAll(/^ok \d+ - (.*)$/gm)) t.diagnostic(`passed: ${name}`)
  })
}
