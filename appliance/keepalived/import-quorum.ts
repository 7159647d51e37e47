import type { ServiceTarget } from './import-service.ts'
import type { Json } from './import-site.ts'

/** keepalived makes a quorum smaller that all servers together do not have; so do we. */
export function settleQuorum(to: ServiceTarget, servers: readonly Json[]): void {
  const { json, site, path, of } = to
  const sum = servers.reduce((total, { weight }) => total + Number(weight ?? 1), 0)
  const quorum = Number(json.quorum ?? 1)
  if (of.quorum !== undefined && quorum > Math.max(sum, 1) && servers.length > 0) {
    json.quorum = Math.max(sum, 1)
    const text = `all servers together weigh ${sum}: the quorum ${quorum} is ${json.quorum} here`
    site.notes.translated(of.quorum, text, `${path}.quorum`)
  }
  const most = Math.min(Number(json.quorum ?? 1) - 1, Math.max(sum, 1) - Number(json.quorum ?? 1))
  if (of.hysteresis === undefined || Number(json.hysteresis) <= most || servers.length === 0) return
  const text =
    `the hysteresis ${json.hysteresis} is ${most} here: with more the service would never go ` +
    'down, or never come up'
  site.notes.translated(of.hysteresis, text, `${path}.hysteresis`)
  json.hysteresis = most
}
