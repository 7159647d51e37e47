import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '../linux/certificate.ts'
import { loadOrMakeIdentity } from '../linux/identity.ts'
import { parentChannel, startHeartbeat } from '../linux/parent-channel.ts'
import { application } from './application.ts'
import { LatestStatus } from './latest-status.ts'
import { passOn } from './pass-on.ts'
import { httpsServer, listen } from './server.ts'
import { readSettings } from './settings.ts'
import { loadStaticFiles } from './static-files.ts'
import { Streams } from './streams.ts'

/** The web process: the pages over HTTPS, and the way to the supervisor's API. */
async function run(): Promise<void> {
  const channel = parentChannel('web')
  channel.onClose(() => process.exit(0))
  const settings = readSettings(process.env)
  const report = (line: string) => console.error(line)

  const latest = new LatestStatus()
  const streams = new Streams({ all: 50, perNetwork: 10 })
  const files = loadStaticFiles(join(settings.libraryFolder, 'web-ui'))
  const identity = await loadOrMakeIdentity(
    join(settings.stateFolder, 'web'),
    () => makeCertificate(hostname(), settings.builtAt),
    report,
  )
  const supervisor = passOn(join(settings.runFolder, 'web.sock'))
  const server = httpsServer(identity, application({ files, latest, streams, supervisor }))

  const stop = () => {
    streams.close()
    server.close(() => process.exit(0))
    server.closeIdleConnections()
    // Whoever is still reading after this has had his time; the supervisor's is limited as well.
    setTimeout(() => process.exit(0), 1000)
  }
  process.on('SIGTERM', stop)
  channel.onMessage(message => {
    if (message.kind === 'status') streams.publish(latest.set(message.status))
    else stop()
  })

  const port = await listen(server, settings.port)
  const suffix = port === 443 ? '' : `:${port}`
  console.log(`serves the page at https://localhost${suffix}/ and on every address of this host`)
  channel.send({ kind: 'ready', web: { port, fingerprint: identity.fingerprint } })
  startHeartbeat(channel)
}

run().catch((error: unknown) => {
  console.error(`web cannot start: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
})
