import type { serviceOperations } from '../../api/service-operations.ts'
import type { Override } from '../../health/service-config.ts'
import { KernelError } from '../../linux/kernel-error.ts'
import type { DirectorQuestion } from '../../status/director-messages.ts'
import type { ServiceStatus } from '../../status/service-status.ts'
import type { Control, OverrideChange } from './control.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

/** The operations on services and their servers. */
export const servicePerformers: PerformersOf<typeof serviceOperations> = {
  listServices: control => ({ kind: 'pieces', pieces: listed(control) }),
  streamServices: control => ({ kind: 'stream', open: control.watchServices }),
  showService: (control, { names: [name = ''] }) => {
    const service = control.services().find(each => each.name === name)
    return service === undefined ? noSuchService(control, name) : json(service)
  },
  showTraffic: control => asked(control, { ask: 'traffic', service: null }),
  showServiceTraffic: (control, { names: [service = ''] }) =>
    ofService(control, service, () => asked(control, { ask: 'traffic', service })),
  showTrafficHistory: control => asked(control, { ask: 'history', service: null }),
  showServiceTrafficHistory: (control, { names: [service = ''] }) =>
    ofService(control, service, () => asked(control, { ask: 'history', service })),
  listConnections: (control, { names: [service = ''] }) =>
    ofService(control, service, () => asked(control, { ask: 'connections', service, most })),
  explainServer: (control, { names }) =>
    ofServer(control, names, server => asked(control, { ask: 'explain', server })),
  showChecks: control => asked(control, { ask: 'load' }),
  checkServer: (control, { names }) =>
    ofServer(control, names, server => asked(control, { ask: 'check-now', server })),
  checkAll: control => asked(control, { ask: 'check-now', server: null }),
  overrideServer: (control, { names, body }) =>
    ofServer(control, names, server => overridden(control, server, body ?? {})),
  endOverride: (control, { names }) =>
    ofServer(control, names, server => overridden(control, server, { state: null, weight: null })),
}

const most = 10_000

const pieceOf = new WeakMap<ServiceStatus, Uint8Array>()
const comma = Buffer.from(',')

/** Of ten thousand servers few change from one request to the next: each is written once. */
function listed(control: Control): readonly Uint8Array[] {
  const services = control.services().flatMap((service, index) => {
    const piece = pieceOf.get(service) ?? Buffer.from(JSON.stringify(service))
    pieceOf.set(service, piece)
    return index === 0 ? [piece] : [comma, piece]
  })
  const director = JSON.stringify(control.director())
  return [Buffer.from('{"services":['), ...services, Buffer.from(`],"director":${director}}\n`)]
}

async function asked(control: Control, question: DirectorQuestion): Promise<Answer> {
  if (control.services().length === 0) {
    const detail = 'cluster.services is where they stand.'
    return problem(409, 'no-services', 'The configuration names no services', detail)
  }
  const answer = await control.askDirector(question)
  if (answer.ok) return json(answer.value)
  return problem(503, 'no-answer', answer.title, answer.detail)
}

function ofService(
  control: Control,
  name: string,
  perform: () => Promise<Answer>,
): Answer | Promise<Answer> {
  const isThere = control.services().some(service => service.name === name)
  return isThere ? perform() : noSuchService(control, name)
}

function ofServer(
  control: Control,
  [name = '', server = '']: readonly string[],
  perform: (server: string) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  // What was said of a server outlives it: it can be taken back.
  if (control.overrides().some(each => each.server === `${name}/${server}`)) {
    return perform(`${name}/${server}`)
  }
  const service = control.services().find(each => each.name === name)
  if (service === undefined) return noSuchService(control, name)
  if (service.servers.some(each => each.name === server)) return perform(`${name}/${server}`)
  const names = service.servers.map(each => each.name).join(', ')
  const title = `The service "${name}" has no server "${server}"`
  return problem(404, 'no-such-server', title, `There are: ${names}.`)
}

function noSuchService(control: Control, name: string): Answer {
  const names = control.services().map(each => each.name)
  const detail =
    names.length === 0 ? 'The configuration names no services.' : `There are: ${names.join(', ')}.`
  return problem(404, 'no-such-service', `There is no service "${name}"`, detail)
}

/** Answered when the director has done it: who looks next sees it. */
async function overridden(
  control: Control,
  server: string,
  change: OverrideChange,
): Promise<Answer> {
  let override: Override
  try {
    override = control.override(server, change)
  } catch (error) {
    if (!(error instanceof KernelError)) throw error
    const title = 'It could not be written; nothing has changed'
    return problem(507, 'not-written', title, error.message)
  }
  await control.askDirector({ ask: 'load' })
  return json(override)
}
