import assert from 'node:assert/strict'
import { fencing as fencingSchema } from '../../appliance/config/fencing-schema.ts'
import { driver } from '../../appliance/fence/driver.ts'
import { patienceUntil } from '../../appliance/fence/patience.ts'
import { ScriptCalls } from '../../appliance/fence/script-device.ts'
import type { PowerDevice } from '../../appliance/fencing/power-device.ts'
import { switchOff } from '../../appliance/fencing/switching.ts'

/** As the configuration has it, with every default. */
export function device(config: object): PowerDevice {
  const { devices } = fencingSchema.parse({ devices: { it: { box: 'two', ...config } } })
  return driver('it', devices.it!, new ScriptCalls(() => undefined))
}

export const off = (some: PowerDevice, timeout = 3000) =>
  switchOff(some, timeout, patienceUntil(new AbortController().signal))

/** What a device said no with. */
export const refusal = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    answer => assert.fail(`it was not refused: ${JSON.stringify(answer)}`),
    (error: Error) => error.message,
  )
