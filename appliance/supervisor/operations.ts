import type { Control } from './control.ts'
import { type Answer, json, type Operation, on } from './operation.ts'
import { problem } from './problem.ts'
import { serviceOperations } from './service-operations.ts'

/** Every operation of the control API. Those that change something are POST, PUT and DELETE. */
export const operations: readonly Operation[] = [
  {
    method: 'GET',
    ...on('/api/v1/status'),
    perform: control => json(control.status()),
  },
  {
    method: 'GET',
    ...on('/api/v1/status/stream'),
    perform: () => ({ kind: 'stream' }),
  },
  {
    method: 'GET',
    ...on('/api/v1/events'),
    perform: control => json({ events: control.events() }),
  },
  {
    method: 'GET',
    ...on('/api/v1/processes/NAME/log'),
    perform: (control, [name = '']) => showLog(control, name),
  },
  {
    method: 'POST',
    ...on('/api/v1/processes/NAME/restart'),
    perform: (control, [name = '']) => restart(control, name),
  },
  {
    method: 'POST',
    ...on('/api/v1/failover'),
    perform: control => failover(control, null),
  },
  {
    method: 'POST',
    ...on('/api/v1/routers/NAME/failover'),
    perform: (control, [name = '']) => failover(control, name),
  },
  {
    method: 'PUT',
    ...on('/api/v1/maintenance'),
    perform: control => maintenance(control, true),
  },
  {
    method: 'DELETE',
    ...on('/api/v1/maintenance'),
    perform: control => maintenance(control, false),
  },
  {
    method: 'POST',
    ...on('/api/v1/configuration/reload'),
    perform: reload,
  },
  ...serviceOperations,
]

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

/** The answer names the routers that were asked to give up. */
function failover(control: Control, router: string | null): Answer {
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
  const masters = asked.filter(({ state }) => state === 'MASTER').map(each => each.name)
  if (masters.length === 0) {
    const states = asked.map(each => `${each.name} is ${each.state}`).join(', ')
    const detail = `Only a MASTER can be failed over, and ${states}.`
    return problem(409, 'not-master', 'This box holds nothing of it', detail)
  }
  control.failover(router)
  return json({ routers: masters }, 202)
}

function maintenance(control: Control, isOn: boolean): Answer {
  control.maintenance(isOn)
  return json({ maintenance: control.status().maintenance })
}

function reload(control: Control): Answer {
  const findings = control.reload()
  if (findings.length === 0) return json({ findings })
  const title = 'The configuration is refused; the one before it stays in force'
  return problem(422, 'configuration-refused', title, findings.join('\n'))
}
