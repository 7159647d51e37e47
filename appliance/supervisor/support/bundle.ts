import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readKernelLog } from '../../linux/kernel-log.ts'
import { type TarFile, tarOf } from '../../linux/tar.ts'
import { readAlertLog } from '../alert-log.ts'
import type { Control } from '../control/control.ts'
import { type Found, readKernelFiles, readSettings, whyNot } from './kernel-files.ts'
import { redaction } from './redaction.ts'

const readme = `What Diarch knew of this box when somebody asked for it, without its secrets: no
passwords, no keys, no certificates' keys. Addresses, host names and user names are in it.

  status.json events.json audit.json     what it shows, what happened, who changed what
  configuration.json revisions.json      what is in force, without secrets, and what was before
  traffic.json pair.json                 the kernel's counters of services; the other box
  logs/                                  the last lines of each process
  alerts/                                what channels of the kind "file" have written
  boot/                                  what early boot has left: slot, alarms
  kernel/ sysctl.txt kernel-log.txt      /proc, settings, the kernel's log
  flights/                               the last failovers, for Wireshark and for our tests
  state.txt                              the files that the box keeps, with their sizes
`

const mostFlights = 3

/** All of it is in memory: some megabytes. */
export async function supportBundle(
  control: Control,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const at = new Date()
  const { hostname } = control.status()
  const host = hostname.replaceAll(/[^A-Za-z\d-]/g, '').slice(0, 30)
  const name = `diarch-support-${host}-${at.toISOString().slice(0, 19).replaceAll(':', '')}`
  const clean = redaction(control.configuration.withSecrets())
  const found = [
    { name: 'README.txt', text: readme },
    ...(await ofControl(control)),
    ...(await logsOf(control)),
    ...(await alertLogsOf(control)),
    ...(await ofFolder('/run/diarch/boot', 'boot')),
    ...(await ofFolder('/run/diarch/alarms', 'boot/alarms')),
    ...(await readKernelFiles()),
    { name: 'sysctl.txt', text: await readSettings().catch(whyNot) },
    { name: 'kernel-log.txt', text: tried(readKernelLog) },
    { name: 'state.txt', text: await listing(control.status().storage.path).catch(whyNot) },
  ]
  const files: TarFile[] = found.map(({ name: own, text }) => {
    return { name: `${name}/${own}`, content: Buffer.from(clean(text)) }
  })
  const flights = await lastFlights(control, name)
  return { name, bytes: await promisify(gzip)(tarOf([...files, ...flights], at)) }
}

/** They have no secrets from the beginning. */
async function lastFlights({ flights }: Control, folder: string): Promise<readonly TarFile[]> {
  const last = flights.all.slice(0, mostFlights)
  const read = await Promise.all(
    last.map(async ({ number }) => {
      const content = await flights.read(number)
      return content === null ? [] : [{ name: `${folder}/flights/${number}.pcapng`, content }]
    }),
  )
  return read.flat()
}

async function ofControl(control: Control): Promise<readonly Found[]> {
  const { configuration } = control
  const traffic = await control.askDirector({ ask: 'traffic', service: null })
  const values = {
    status: control.status(),
    services: { services: control.services(), director: control.director() },
    events: control.events(),
    audit: await control.audit.entries().catch(whyNot),
    configuration: configuration.current(),
    revisions: configuration.history(),
    overrides: control.overrides(),
    pair: control.pair.status,
    traffic,
  }
  return Object.entries(values).map(([name, value]) => {
    return { name: `${name}.json`, text: `${JSON.stringify(value, null, 2)}\n` }
  })
}

async function logsOf(control: Control): Promise<readonly Found[]> {
  const names = ['supervisor', ...control.status().processes.map(({ name }) => name)]
  return names.map(name => {
    const lines = control.log(name)?.lines() ?? []
    const text = lines.map(({ at, stream, text: said }) => `${at} ${stream} ${said}\n`).join('')
    return { name: `logs/${name.replaceAll(/[^\w.-]/g, '_')}.txt`, text }
  })
}

async function alertLogsOf(control: Control): Promise<readonly Found[]> {
  const { alerts, storage } = control.status()
  const names = alerts.filter(({ kind }) => kind === 'file').map(({ name }) => name)
  return Promise.all(
    names.map(async name => {
      const lines = await readAlertLog(storage.path, name).catch(error => [whyNot(error)])
      return { name: `alerts/${name}.txt`, text: lines.map(line => `${line}\n`).join('') }
    }),
  )
}

async function ofFolder(folder: string, as: string): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async ({ name }) => {
        const text = await readFile(join(folder, name), 'latin1').catch(whyNot)
        return { name: `${as}/${name.slice(0, 40)}`, text }
      }),
  )
}

/** Names and sizes; what is in the files is in the others, or a secret. */
async function listing(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).toSorted().slice(0, 2000)
  const lines = await Promise.all(
    names.map(async name => {
      const { size, mtime } = await stat(join(folder, name))
      return `${mtime.toISOString()} ${String(size).padStart(10)} ${name}\n`
    }),
  )
  return lines.join('')
}

function tried(read: () => string): string {
  try {
    return read()
  } catch (error) {
    return whyNot(error)
  }
}
