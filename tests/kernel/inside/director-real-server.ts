import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Host } from '../../lab/namespaces/host.ts'

const program = join(import.meta.dirname, '../../../appliance/cli/diarch')

/** Prepares a server as its administrator would: with what the command prints. */
export const becomeRealServer = async (
  host: Host,
  method: 'direct' | 'tunnel',
  virtual: readonly string[],
): Promise<void> => {
  const os = ['--os', 'linux', '--method', method]
  await host.write(
    '/run/vip',
    await host.must(program, ['realserver-script', ...os, '--vip', ...virtual]),
  )
  const { code, stdout, stderr } = await host.run('sh', ['/run/vip', 'start'])
  assert.deepEqual([code, stderr], [0, ''], stdout)
}
