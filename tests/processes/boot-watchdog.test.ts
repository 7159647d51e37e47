import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { scratchFolder } from '../lab/vm/scratch.ts'

const chooser = join(import.meta.dirname, '../../rootfs/initrd/watchdog')

const disk = 'pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00'
const acpi = 'acpi:IPI0001:'
const table = 'platform:dmi-ipmi-si'
const card = 'pci:v0000103Cd0000121Asv0000103Csd0000121Abc0Csc07i01'

type Machine = {
  readonly devices?: readonly string[]
  /** What brings /dev/watchdog along: already, or with one of these. */
  readonly appears?: 'already' | 'coldplug' | 'ipmi_watchdog' | 'softdog'
  /** Tries of 0.1 s until it is there. */
  readonly after?: number
  readonly refused?: string
}

/** What is loaded, in this order; what the shell does to the machine is written down instead. */
function loaded(dev: string, { devices = [disk], appears, after = 0, refused }: Machine): string {
  const script = `
    dev=${dev} left=-1
    appear() { [ "$1" != "${appears}" ] || left=${after}; look; }
    look() { [ $left -ne 0 ] || touch ${dev}/watchdog; left=$((left - 1)); }
    modaliases() { printf '%s\\n' ${devices.map(each => `'${each}'`).join(' ')}; }
    coldplug() { echo coldplug; appear coldplug; }
    modprobe() { echo "$2"; appear "$2"; [ "$2" != "${refused}" ]; }
    usleep() { look; }
    . ${chooser}
    appear already
    load_watchdog
    ! has_watchdog || echo found`
  const said = execFileSync('busybox', ['sh', '-c', script], { encoding: 'utf8' })
  return said.trim().split('\n').join(', ')
}

const ipmi = 'coldplug, ipmi_si, ipmi_watchdog'

const rows: readonly (readonly [title: string, machine: Machine, expected: string])[] = [
  ['hardware that its driver has found', { appears: 'already', devices: [acpi] }, 'found'],
  [
    'a chipset whose parent came first',
    { appears: 'coldplug', devices: [acpi] },
    'coldplug, found',
  ],
  ['a controller by ACPI', { devices: [disk, acpi], appears: 'ipmi_watchdog' }, `${ipmi}, found`],
  ['a controller by SMBIOS', { devices: [table], appears: 'ipmi_watchdog' }, `${ipmi}, found`],
  ['a controller on PCI', { devices: [card], appears: 'ipmi_watchdog' }, `${ipmi}, found`],
  ['a slow controller', { devices: [acpi], appears: 'ipmi_watchdog', after: 29 }, `${ipmi}, found`],
  [
    'a controller that does not answer',
    { devices: [acpi], appears: 'softdog' },
    `${ipmi}, softdog, found`,
  ],
  [
    'one that its driver refuses',
    { devices: [acpi], refused: 'ipmi_si', appears: 'softdog' },
    'coldplug, ipmi_si, softdog, found',
  ],
  ['no controller', { appears: 'softdog' }, 'coldplug, softdog, found'],
  ['nothing at all', {}, 'coldplug, softdog'],
]

for (const [title, machine, expected] of rows) {
  test(`which watchdog: ${title}`, t => {
    assert.equal(loaded(scratchFolder(t), machine), expected)
  })
}
