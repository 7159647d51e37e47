import type { Command } from 'commander'

/** Puts one command, or several of a kind, below `diarch`. */
export type Add = (diarch: Command) => void

type Source = { readonly names: readonly string[]; readonly load: () => Promise<Add> }

const from = (names: string, load: () => Promise<Add>): Source => ({
  names: names.split(' '),
  load,
})

/** In the order of `diarch --help`. */
const sources: readonly Source[] = [
  from('run', async () => (await import('./commands/run.ts')).addRun),
  from('status', async () => (await import('./commands/status.ts')).addStatus),
  from('services', async () => (await import('./commands/services.ts')).addServices),
  from(
    'drain undrain disable enable weight',
    async () => (await import('./commands/servers.ts')).addServerCommands,
  ),
  from('connections', async () => (await import('./commands/connections.ts')).addConnections),
  from('explain', async () => (await import('./commands/checks.ts')).addExplain),
  from('check-now', async () => (await import('./commands/checks.ts')).addCheckNow),
  from('events', async () => (await import('./commands/events.ts')).addEvents),
  from('flights', async () => (await import('./commands/flights.ts')).addFlights),
  from('alerts', async () => (await import('./commands/alerts.ts')).addAlerts),
  from('fence', async () => (await import('./commands/fence.ts')).addFence),
  from('failover', async () => (await import('./commands/failover.ts')).addFailover),
  from('maintenance', async () => (await import('./commands/maintenance.ts')).addMaintenance),
  from('listen', async () => (await import('./commands/listen.ts')).addListen),
  from('ping', async () => (await import('./commands/diagnostics.ts')).addPing),
  from('capture', async () => (await import('./commands/diagnostics.ts')).addCapture),
  from('blink', async () => (await import('./commands/diagnostics.ts')).addBlink),
  from('ports', async () => (await import('./commands/ports.ts')).addPorts),
  from('pair', async () => (await import('./commands/pair.ts')).addPair),
  from('config', async () => (await import('./commands/config/config.ts')).addConfig),
  from('reload', async () => (await import('./commands/reload.ts')).addReload),
  from('log', async () => (await import('./commands/log.ts')).addLog),
  from('restart', async () => (await import('./commands/restart.ts')).addRestart),
  from('power', async () => (await import('./commands/power.ts')).addPower),
  from('factory-reset', async () => (await import('./commands/factory-reset.ts')).addFactoryReset),
  from('import', async () => (await import('./commands/import.ts')).addImport),
  from('export', async () => (await import('./commands/export.ts')).addExport),
  from('backup', async () => (await import('./commands/backup.ts')).addBackup),
  from('restore', async () => (await import('./commands/restore.ts')).addRestore),
  from('support', async () => (await import('./commands/support.ts')).addSupport),
  from('check', async () => (await import('./commands/check.ts')).addCheck),
  from('user', async () => (await import('./commands/user.ts')).addUser),
  from('token', async () => (await import('./commands/token.ts')).addToken),
  from('audit', async () => (await import('./commands/audit.ts')).addAudit),
  from('upgrade', async () => (await import('./commands/upgrade.ts')).addUpgrade),
  from(
    'realserver-script',
    async () => (await import('./commands/realserver-script.ts')).addRealServerScript,
  ),
  from('witness', async () => (await import('./commands/witness.ts')).addWitness),
  from('version', async () => (await import('./commands/version.ts')).addVersion),
]

/**
 * A command waits for its own module and no other. `word` is what stands behind `diarch`: for help,
 * and for a word that no command has, all are loaded.
 */
export async function commandsFor(word: string | undefined): Promise<readonly Add[]> {
  const own = sources.filter(({ names }) => word !== undefined && names.includes(word))
  return Promise.all((own.length > 0 ? own : sources).map(({ load }) => load()))
}
