import type { fenceOperations } from '../../api/fence-operations.ts'
import type { Control } from './control.ts'
import { type Answer, json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

export const fencePerformers: PerformersOf<typeof fenceOperations> = {
  tryFenceDevice: (control, { names: [device = ''] }) => use(control, device, 'read'),
  useFenceDevice: (control, { names: [device = ''], body }) => use(control, device, body.action),
  confirmFencing: control => {
    if (control.fence.confirm()) return json({ confirmed: true })
    const detail = 'The other box is heard, or is to be switched off by nobody.'
    return problem(409, 'not-awaited', 'Nobody waits for that', detail)
  },
}

async function use(
  { fence }: Control,
  device: string,
  what: 'read' | 'off' | 'reset',
): Promise<Answer> {
  if (!fence.has(device)) {
    const detail = 'Devices of this box itself are for the other one.'
    return problem(404, 'no-such-device', `No device "${device}" switches the other box`, detail)
  }
  const { failed, text } = await fence.use(device, what)
  if (failed === null) return json({ device, text })
  return problem(503, 'device-failed', `"${device}" did not do it`, failed)
}
