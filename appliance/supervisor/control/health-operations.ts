import { X509Certificate } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { healthOperations } from '../../api/health-operations.ts'
import { readMachineHealth } from '../../linux/machine-health.ts'
import type { CertificateStatus } from '../../status/machine-health.ts'
import type { Control } from './control.ts'
import { json, type PerformersOf } from './operation.ts'
import { problem } from './problem.ts'

/** The operations on the machine itself, and on the certificate of its page. */
export const healthPerformers: PerformersOf<typeof healthOperations> = {
  showHealth: async control => {
    const { ports, storage } = control.status()
    // Off the image the ports are the host's own.
    const names =
      ports.length > 0
        ? ports.map(({ name }) => name)
        : Object.keys(networkInterfaces()).filter(name => name !== 'lo')
    return json(await readMachineHealth(names, [storage.path]))
  },
  showCertificate: async control => {
    const found = await certificateOf(control)
    return found === null ? noCertificate : json(found)
  },
  renewCertificate: async control => {
    const found = await certificateOf(control)
    if (found === null) return noCertificate
    await rm(pathOf(control))
    // It makes another one when it starts.
    switch (control.restart('web')) {
      case 'requested':
      case 'unknown':
        return json({ before: found.fingerprint }, 202)
      case 'stopping': {
        const detail = 'The next start makes the new one.'
        return problem(503, 'supervisor-stopping', 'The supervisor is stopping', detail)
      }
    }
  },
}

const pathOf = (control: Control): string =>
  join(control.status().storage.path, 'web', 'identity.pem')

async function certificateOf(control: Control): Promise<CertificateStatus | null> {
  try {
    const { fingerprint256, validFromDate, validToDate } = new X509Certificate(
      await readFile(pathOf(control), 'utf8'),
    )
    return {
      fingerprint: fingerprint256,
      validFrom: validFromDate.toISOString(),
      validUntil: validToDate.toISOString(),
    }
  } catch {
    return null
  }
}

const noCertificate = problem(
  409,
  'no-certificate',
  'The page has no certificate that is kept',
  'The web process could not write it; "diarch log web" says why.',
)
