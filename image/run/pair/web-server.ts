import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gone } from '../start.ts'
import type { Network } from './network.ts'

/** A real server: nginx on a machine of the network, which answers with its own name. */
export class WebServer {
  readonly name: string
  readonly #machine: string
  readonly #folder: string
  readonly #network: Network
  #nginx: ChildProcess | null = null

  constructor(network: Network, name: string, machine: string, folder: string) {
    this.#network = network
    this.name = name
    this.#machine = machine
    this.#folder = join(folder, name)
  }

  get runs(): boolean {
    return this.#nginx !== null
  }

  start(): void {
    mkdirSync(this.#folder, { recursive: true })
    const file = join(this.#folder, 'nginx.conf')
    writeFileSync(file, configuration(this.name, this.#folder))
    const log = join(this.#folder, 'error.log')
    const stdio = ['ignore', 'ignore', 'ignore'] as const
    this.#nginx = this.#network.start(this.#machine, ['nginx', '-c', file, '-e', log], {
      stdio: [...stdio],
    })
  }

  async stop(): Promise<void> {
    const nginx = this.#nginx
    if (!nginx) return
    this.#nginx = null
    nginx.kill('SIGKILL')
    await gone(nginx)
  }

  /**
   * For packets that come by direct routing: the machine takes the virtual address and answers
   * nobody who asks for it (docs/guides/direct-routing.md).
   */
  static async takesAddress(network: Network, machine: string, address: string): Promise<void> {
    await network.sh(`
      ip netns exec ${machine} sh -ec '
        echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
        echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce'
      ip -n ${machine} address add ${address}/32 dev lo`)
  }
}

// One process, so that nothing is left of it when that is killed.
const configuration = (name: string, folder: string): string => `
daemon off; master_process off; pid "${folder}/pid"; error_log "${folder}/error.log";
events { worker_connections 512; }
http {
  access_log off; keepalive_timeout 0;
  client_body_temp_path "${folder}/b"; proxy_temp_path "${folder}/p";
  fastcgi_temp_path "${folder}/f"; uwsgi_temp_path "${folder}/u"; scgi_temp_path "${folder}/s";
  server { listen 80; location / { default_type text/plain; return 200 "${name}\\n"; } }
}
`
