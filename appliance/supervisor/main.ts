import { settingsFrom } from './settings.ts'
import { Supervisor } from './supervisor.ts'

/**
 * The supervisor process. Exit code 0 after an orderly stop (SIGTERM, SIGINT), 1 after a
 * failure, whose last line on standard error says what it was.
 */
let supervisor: Supervisor | null = null

function fail(error: unknown): never {
  const bug = error instanceof TypeError || error instanceof RangeError
  if (bug) console.error(error.stack)
  const words = error instanceof Error ? error.message : String(error)
  try {
    supervisor?.leaveWatchdog()
  } catch {
    // It is closed already: its own time runs.
  }
  console.error(`supervisor: failed: ${words}`)
  process.exit(1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const running = new Supervisor(settingsFrom(process.env), process.env)
supervisor = running
// As keepalived does.
process.on('SIGHUP', () => void running.reload().catch(fail))
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    running.stop(signal).then(() => process.exit(0), fail)
  })
}
await running.start()
