import { bracketed } from '../../values/endpoint-text.ts'

/** Of three or more one may lie; of two nobody can say which. */
const agreeing = (servers: number): number => (servers < 3 ? 1 : 2)

/** Seconds; a quarter of one by itself: then on a busy line the clock would stay wrong. */
const bearable = '2.0'

/**
 * The configuration of `ntp-daemon`. A clock that is far off is set at once, forwards or backwards,
 * whenever that is found: a box that slept for a week, or whose battery is empty, must not stay in
 * the past.
 */
export const ntpFile = (servers: readonly string[], socket: string): string => `[observability]
log-level = "info"
ansi-colors = false
observation-path = "${socket}"

[synchronization]
minimum-agreeing-sources = ${agreeing(servers.length)}
single-step-panic-threshold = "inf"
startup-step-panic-threshold = "inf"

[synchronization.algorithm]
maximum-source-uncertainty = ${bearable}
${servers.map(server => `\n[[source]]\nmode = "server"\naddress = "${at(server)}"\n`).join('')}`

const at = (server: string): string => (server.includes(':') ? `${bracketed(server)}:123` : server)
