import type { Host } from './host.ts'
import type { Program } from './program.ts'

/** nginx on a host, which answers with the host's name. */
export class WebServer {
  readonly host: Host
  #nginx: Program | null = null

  constructor(host: Host) {
    this.host = host
  }

  async start(): Promise<void> {
    const { name } = this.host
    await this.host.write(
      '/run/nginx.conf',
      `daemon off; worker_processes 1; pid /run/nginx.pid; error_log stderr;
       events { worker_connections 256; }
       http {
         access_log off;
         client_body_temp_path /run/b; proxy_temp_path /run/p; fastcgi_temp_path /run/f;
         uwsgi_temp_path /run/u; scgi_temp_path /run/s;
         server {
           listen 80; listen [::]:80;
           location / { return 200 "${name}\\n"; }
           location /slow { root /run; limit_rate 20k; }
         }
       }`,
    )
    this.#nginx = await this.host.start('nginx', ['-c', '/run/nginx.conf', '-e', 'stderr'])
    for (;;) {
      const { code } = await this.host.run('curl', ['-sS', 'http://127.0.0.1/'])
      if (code === 0) return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    await this.#nginx?.stop()
    this.#nginx = null
  }
}

/** How often each server has answered. */
export const answers = async (
  client: Host,
  count: number,
  url: string,
): Promise<Record<string, number>> => {
  const loop = `for n in $(seq ${count}); do curl -sS --max-time 10 '${url}' || echo failed; done`
  const counts: Record<string, number> = {}
  for (const name of (await client.must('sh', ['-c', loop])).trim().split('\n')) {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
