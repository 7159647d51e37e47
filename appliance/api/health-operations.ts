import * as z from 'zod'
import type { CertificateStatus, MachineHealth } from '../status/machine-health.ts'
import type { OperationDescription } from './operation.ts'

const text = z.string()
const number = z.number()

const healthSchema = z
  .strictObject({
    cpu: z.strictObject({
      model: text,
      cores: number,
      busyPercent: number,
      load: z.array(number).describe('Of the last 1, 5 and 15 minutes'),
    }),
    memory: z.strictObject({
      totalMiB: number,
      availableMiB: number,
      cachesMiB: number,
      swapTotalMiB: number,
      swapUsedMiB: number,
    }),
    temperatures: z.array(
      z.strictObject({ name: text, celsius: number, criticalCelsius: number.nullable() }),
    ),
    disks: z.array(
      z.strictObject({ name: text, model: text, sizeMiB: number, rotates: z.boolean() }),
    ),
    volumes: z.array(z.strictObject({ path: text, sizeMiB: number, freeMiB: number })),
    machine: z.strictObject({
      vendor: text.nullable(),
      product: text.nullable(),
      firmware: text.nullable(),
      isVirtual: z.boolean(),
    }),
    ports: z.array(
      z.strictObject({
        name: text,
        duplex: z.enum(['full', 'half']).nullable(),
        receivedBytes: number,
        sentBytes: number,
        receiveErrors: number,
        sendErrors: number,
        dropped: number,
      }),
    ),
    kernel: text,
    uptimeSeconds: number,
  })
  .meta({ id: 'MachineHealth' }) satisfies z.ZodType<MachineHealth>

const certificateSchema = z
  .strictObject({
    fingerprint: text.describe('SHA-256'),
    validFrom: text,
    validUntil: text,
  })
  .meta({ id: 'Certificate' }) satisfies z.ZodType<CertificateStatus>

/** The operations on the machine itself, and on the certificate of its page. */
export const healthOperations = {
  showHealth: {
    method: 'GET',
    path: '/api/v1/health',
    summary: 'What the machine is made of, and how busy, full and warm it is now',
    role: 'viewer',
    body: null,
    query: {},
    answer: { kind: 'json', status: 200, schema: healthSchema },
    problems: [],
  },
  showCertificate: {
    method: 'GET',
    path: '/api/v1/certificate',
    summary: 'The certificate of the page',
    role: 'viewer',
    body: null,
    query: {},
    answer: { kind: 'json', status: 200, schema: certificateSchema },
    problems: ['no-certificate'],
  },
  renewCertificate: {
    method: 'POST',
    path: '/api/v1/certificate',
    summary: 'A new key and certificate for the page; browsers ask about it again',
    role: 'admin',
    body: null,
    query: {},
    answer: { kind: 'json', status: 202, schema: z.strictObject({ before: text }) },
    problems: ['no-certificate', 'supervisor-stopping'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>
