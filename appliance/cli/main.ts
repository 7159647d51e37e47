import { Command, CommanderError } from 'commander'
import { addAlerts } from './commands/alerts.ts'
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addCheck } from './commands/check.ts'
import { addCheckNow, addExplain } from './commands/checks.ts'
import { addConfig } from './commands/config/config.ts'
import { addConnections } from './commands/connections.ts'
import { addBlink, addCapture, addPing } from './commands/diagnostics.ts'
import { addEvents } from './commands/events.ts'
import { addExport } from './commands/export.ts'
import { addFactoryReset } from './commands/factory-reset.ts'
import { addFailover } from './commands/failover.ts'
import { addImport } from './commands/import.ts'
import { addListen } from './commands/listen.ts'
import { addLog } from './commands/log.ts'
import { addMaintenance } from './commands/maintenance.ts'
import { addPair } from './commands/pair.ts'
import { addPower } from './commands/power.ts'
import { addRealServerScript } from './commands/realserver-script.ts'
import { addReload } from './commands/reload.ts'
import { addRestart } from './commands/restart.ts'
import { addRestore } from './commands/restore.ts'
import { addRun } from './commands/run.ts'
import { addServerCommands } from './commands/servers.ts'
import { addServices } from './commands/services.ts'
import { addStatus } from './commands/status.ts'
import { addSupport } from './commands/support.ts'
import { addToken } from './commands/token.ts'
import { addUpgrade } from './commands/upgrade.ts'
import { addUser } from './commands/user.ts'
import { addVersion, showVersion } from './commands/version.ts'
import { examples } from './examples.ts'
import { exitCode, exitCodesText, Failure } from './exit-code.ts'

/** In the order of `diarch --help`. */
const commands = [
  addRun,
  addStatus,
  addServices,
  addServerCommands,
  addConnections,
  addExplain,
  addCheckNow,
  addEvents,
  addAlerts,
  addFailover,
  addMaintenance,
  addListen,
  addPing,
  addCapture,
  addBlink,
  addPair,
  addConfig,
  addReload,
  addLog,
  addRestart,
  addPower,
  addFactoryReset,
  addImport,
  addExport,
  addBackup,
  addRestore,
  addSupport,
  addCheck,
  addUser,
  addToken,
  addAudit,
  addUpgrade,
  addRealServerScript,
  addVersion,
]

function program(): Command {
  const diarch = new Command('diarch')
    .description('Diarch makes two boxes one highly available LVS director.')
    .addHelpText('after', examples('run --config pair.json', 'status', 'failover', 'log vrrpd'))
    .addHelpText('after', exitCodesText)
    .option('-V, --version', 'the same as "diarch version"')
    .on('option:version', () => {
      showVersion()
      process.exit()
    })
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
  for (const add of commands) add(diarch)
  return diarch
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // "diarch log web | head" reads as much as it wants, which is no failure.
  if (error.code === 'EPIPE') process.exit()
  console.error(`diarch: the output cannot be written: ${error.message}`)
  process.exit(exitCode.failed)
})
// There is nobody left to tell.
process.stderr.on('error', () => {})

try {
  await program().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already.
    process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage
  } else {
    console.error(`diarch: ${error instanceof Error ? error.message : error}`)
    process.exitCode = error instanceof Failure ? error.code : exitCode.failed
  }
}
