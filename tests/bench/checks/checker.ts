import { seconds } from '../../../appliance/values/duration.ts'
import { childrenOf } from '../../lab/namespaces/children.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import type { Check, Wanted } from './wanted.ts'

let started = 0

/** keepalived with nothing but its checkers. */
export async function keepalivedChecker(host: Host, wanted: Wanted): Promise<Program> {
  // A pid file that was left may name a process of today.
  const folder = `/run/keepalived-${++started}`
  const file = `${folder}/keepalived.conf`
  await host.write(file, textOf(wanted))
  const pids = ['-p', `${folder}/main.pid`, '-c', `${folder}/checks.pid`]
  const args = ['--dont-fork', '--log-console', '--check', ...pids, '--use-file', file]
  const program = await host.start('keepalived', args)
  await program.until(/Startup complete/, { within: seconds(60) })
  return program
}

/** The process that asks. */
export function checkerOf(keepalived: Program): number {
  const [child] = childrenOf(keepalived.pid)
  if (child !== undefined) return child
  throw new Error(`keepalived has no checker process: ${keepalived.output.slice(-2000)}`)
}

const textOf = ({ services, servers, check }: Wanted): string =>
  services
    .map(
      address => `
virtual_server ${address} 80 {
  delay_loop ${check.intervalMs / 1000}
  lb_algo rr
  lb_kind DR
  protocol TCP
${servers.map(server => realServer(server, check)).join('')}
}
`,
    )
    .join('')

const realServer = (address: string, { timeoutMs }: Check): string => `
  real_server ${address} 80 {
    weight 1
    TCP_CHECK {
      connect_timeout ${timeoutMs / 1000}
      retry 0
    }
  }`
