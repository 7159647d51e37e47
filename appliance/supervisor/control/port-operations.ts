import type { portOperations } from '../../api/port-operations.ts'
import type { RecordedPort } from '../../boot/port-plan.ts'
import { interfaceUses } from '../../config/interface-uses.ts'
import { KernelError } from '../../linux/kernel-error.ts'
import type { Control } from './control.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

/** The operations on the names of ports. */
export const portPerformers: PerformersOf<typeof portOperations> = {
  listPorts: control => listed(control),
  assignPort: (control, { names: [port = ''], body: { name, force } }) => {
    if (!control.portNames.areOurs) return notTheImage
    const found = control.portNames.all().find(each => each.name === port)
    if (found === undefined) return noSuchPort(control, port)
    if (found.link === 'missing') {
      const detail = 'Its card is not there: give its name to the card that takes its place.'
      return problem(409, 'port-name-refused', `${port} gets no other name`, detail)
    }
    const assigned = control.portNames.assign(port, name)
    if (assigned.ok) return written(control, assigned.ports, force)
    const title = `${port} cannot be called "${name}"`
    return problem(409, 'port-name-refused', title, `${assigned.why}.`)
  },
  forgetPort: (control, { names: [port = ''] }) => {
    if (!control.portNames.areOurs) return notTheImage
    const found = control.portNames.all().find(each => each.name === port)
    if (found === undefined) return noSuchPort(control, port)
    if (found.link !== 'missing') {
      const detail = `${port} is there: only a port whose card is gone can be forgotten.`
      return problem(409, 'port-in-use', 'Nothing is forgotten', detail)
    }
    return written(control, control.portNames.without(port), true)
  },
  keepPorts: control => {
    if (!control.portNames.areOurs) return notTheImage
    return done(control, () => control.portNames.takeBack())
  },
}

/** A box that has lost the port it is reached by would come back without a network. */
function written(control: Control, next: readonly RecordedPort[], force: boolean): Answer {
  const { document } = control.configuration.current()
  const uses = control.portNames
    .lostIn(next)
    .map(name => ({ name, places: interfaceUses(document, name) }))
    .find(({ places }) => places.length > 0)
  if (uses !== undefined && !force) {
    const { name, places } = uses
    const title = `The configuration names ${name}, and no port would be called so`
    const detail =
      `It stands in ${places.join(', ')}. Exchange it with another port, or force it and change ` +
      'the configuration at the console after the restart.'
    return problem(409, 'port-in-use', title, detail)
  }
  return done(control, () => control.portNames.write(next))
}

function done(control: Control, change: () => void): Answer {
  try {
    change()
  } catch (error) {
    if (!(error instanceof KernelError)) throw error
    return problem(507, 'not-written', 'The names of the ports stay', error.message)
  }
  return listed(control)
}

const listed = ({ portNames }: Control): Answer => json({ ports: portNames.all() })

function noSuchPort({ portNames }: Control, port: string): Answer {
  const names = portNames.all().map(({ name }) => name)
  return problem(
    404,
    'no-such-port',
    `There is no port "${port}"`,
    `There are: ${names.join(', ')}.`,
  )
}

const notTheImage = problem(
  409,
  'not-the-image',
  'This machine is not a box of its own',
  'Diarch runs on it beside others: its interfaces keep the names that they have.',
)
