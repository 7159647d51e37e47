import { type Caller, callerText } from '../../api/caller.ts'
import { openApi } from '../../api/openapi.ts'
import { operations } from '../../api/operations.ts'
import type { statusOperations } from '../../api/status-operations.ts'
import { hearRouters } from '../heard-routers.ts'
import { notKept } from '../maintenance.ts'
import type { Control } from './control.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

/** The operations on the box, its processes and its virtual routers. */
export const statusPerformers: PerformersOf<typeof statusOperations> = {
  describeApi: () => ({ kind: 'text', text: described() }),
  getStatus: control => json(control.status()),
  streamStatus: control => ({ kind: 'stream', open: control.watchStatus }),
  listEvents: control => json({ events: control.events() }),
  showLog: (control, { names: [name = ''] }) => showLog(control, name),
  restartProcess: (control, { names: [name = ''] }) => restart(control, name),
  hearRouters: async () => json({ routers: await hearRouters() }),
  failover: control => failover(control, null),
  failoverRouter: (control, { names: [name = ''] }) => failover(control, name),
  startMaintenance: (control, { caller }) => maintenance(control, true, caller),
  endMaintenance: (control, { caller }) => maintenance(control, false, caller),
}

let description: string | undefined

/** Made when somebody asks for the first time: it takes some milliseconds. */
function described(): string {
  description ??= JSON.stringify(openApi(operations))
  return description
}

function showLog(control: Control, process: string): Answer {
  const ring = control.log(process)
  if (ring === null) return noSuchProcess(control, process, ['supervisor'])
  return json({ name: process, dropped: ring.dropped(), lines: ring.lines() })
}

function restart(control: Control, process: string): Answer {
  switch (control.restart(process)) {
    case 'requested':
      return json({ name: process }, 202)
    case 'unknown':
      return noSuchProcess(control, process, [])
    case 'stopping': {
      const detail = 'Nothing is started any more; ask again when it is back.'
      return problem(503, 'supervisor-stopping', 'The supervisor is stopping', detail)
    }
  }
}

function noSuchProcess(control: Control, process: string, others: readonly string[]): Answer {
  const names = [...others, ...control.status().processes.map(each => each.name)]
  const title = `There is no process "${process}"`
  return problem(404, 'no-such-process', title, `There are: ${names.join(', ')}.`)
}

/** Answered when it is over, with what it has cost. */
async function failover(control: Control, router: string | null): Promise<Answer> {
  const { routers } = control.status()
  const asked = routers.filter(each => router === null || each.name === router)
  if (asked.length === 0) {
    const names = routers.map(each => each.name).join(', ')
    if (names === '') {
      const detail = 'The configuration names no virtual routers.'
      return problem(409, 'no-routers', 'There is nothing to fail over', detail)
    }
    const title = `There is no router "${router}"`
    return problem(404, 'no-such-router', title, `There are: ${names}.`)
  }
  const masters = asked.filter(({ state }) => state === 'MASTER')
  if (masters.length === 0) {
    const states = asked.map(each => `${each.name} is ${each.state}`).join(', ')
    const detail = `Only a MASTER can be failed over, and ${states}.`
    return problem(409, 'not-master', 'This box holds nothing of it', detail)
  }
  const receipt = await control.handover(router, masters)
  return json({ routers: receipt.routers, receipt })
}

function maintenance(control: Control, isOn: boolean, caller: Caller): Answer {
  control.maintenance(isOn, callerText(caller))
  const { maintenance, alarms } = control.status()
  const alarm = alarms.find(({ reason }) => reason === notKept)
  return json({ maintenance, notKept: alarm?.message ?? null })
}
