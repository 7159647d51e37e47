import { type Diarch, diarch } from '../../lab/namespaces/diarch.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../../lab/namespaces/lab.ts'
import { answers as askFor, WebServer } from '../../lab/namespaces/web-server.ts'

export { WebServer } from '../../lab/namespaces/web-server.ts'

export const vip = '192.0.2.100'

/** How often each server has answered. */
export const answers = (
  client: Host,
  count: number,
  url = `http://${vip}/`,
): Promise<Record<string, number>> => askFor(client, count, url)

/** What a box of the walk runs: fast checks, so that a test need not wait. */
export const walkConfig = (service: object, more: object = {}): object => ({
  schemaVersion: 2,
  cluster: {
    checks: {
      page: {
        kind: 'http',
        path: '/',
        interval: '500ms',
        timeout: '400ms',
        retryInterval: '100ms',
        fall: 2,
      },
    },
    services: {
      shop: {
        virtual: [{ address: vip, port: 80, held: false }],
        scheduler: 'rr',
        checks: ['page'],
        ...service,
      },
    },
    ...more,
  },
})

export type Walk = {
  readonly client: Host
  readonly box: Diarch
  readonly servers: readonly WebServer[]
}

/** Client, director and real servers in a row: NAT, with the director as the servers' gateway. */
export async function natWalk(t: TestContext, service: object = {}): Promise<Walk> {
  const lab = await openLab(t)
  const [front, back] = [await lab.switch('front'), await lab.switch('back')]
  const client = await lab.host('client')
  const director = await lab.host('director')
  await client.plug(front, { name: 'eth0', address: '192.0.2.9/24' })
  await director.plug(front, { name: 'eth0', address: ['192.0.2.1/24', `${vip}/32`] })
  await director.plug(back, { name: 'eth1', address: '198.51.100.1/24' })
  const servers = await Promise.all(
    [11, 12, 13].map(async n => {
      const host = await lab.host(`web${n}`)
      await host.plug(back, { name: 'eth0', address: `198.51.100.${n}/24` })
      await host.must('ip', ['route', 'add', 'default', 'via', '198.51.100.1'])
      return new WebServer(host)
    }),
  )
  for (const server of servers) await server.start()
  const config = walkConfig({
    servers: { web11: '198.51.100.11:80', web12: '198.51.100.12:80' },
    sorryServer: '198.51.100.13:80',
    ...service,
  })
  return { client, box: await diarch(director, config), servers }
}
