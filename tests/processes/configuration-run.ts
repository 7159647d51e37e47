import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ChangeRequest, RevisionInfo } from '../../appliance/api/configuration.ts'
import type { Status } from '../../appliance/status/document.ts'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { until } from './supervisor-lab.ts'
import { type Run, type RunOptions, startRun, statusOf } from './supervisor-run.ts'

const check = { kind: 'tcp', interval: '1h', timeout: '1s' }

/** One service, of servers at which nobody listens. */
export const document = (weight: number, scheduler = 'rr') => ({
  schemaVersion: 2,
  cluster: {
    checks: { quiet: check },
    services: {
      web: {
        virtual: [{ address: '192.0.2.1', port: 80, held: false }],
        scheduler,
        checks: ['quiet'],
        servers: { a: { address: '127.0.0.1', port: 9, weight } },
      },
    },
  },
})

export const weightTo = (value: unknown): Pick<ChangeRequest, 'patch'> => ({
  patch: [{ op: 'replace', path: '/cluster/services/web/servers/a/weight', value }],
})

export const schedulerTo = (value: unknown): Pick<ChangeRequest, 'patch'> => ({
  patch: [{ op: 'replace', path: '/cluster/services/web/scheduler', value }],
})

export type Answer = {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever it answers is looked at.
  readonly body: any
}

/** A supervisor whose configuration is changed over its socket. */
export class ConfiguredRun {
  readonly run: Run

  constructor(t: TestContext, folder: string, options: RunOptions = {}) {
    this.run = startRun(t, folder, options)
  }

  get store(): string {
    return join(this.run.stateDir, 'config')
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socketPath = join(this.run.runDir, 'control.sock')
      const headers = { 'content-type': 'application/json' }
      const options = { socketPath, method, path: `/api/v1/${path}`, headers }
      const asking = request(options, response => {
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) })
        })
      })
      asking.on('error', reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  change(change: ChangeRequest): Promise<Answer> {
    return this.ask('POST', 'configuration/changes', change)
  }

  /** That has to be taken. */
  async apply(change: ChangeRequest): Promise<RevisionInfo> {
    const { status, body } = await this.change(change)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.outcome, 'applied')
    return body.revision
  }

  async current() {
    return (await this.ask('GET', 'configuration')).body
  }

  async weight(): Promise<unknown> {
    return (await this.current()).document?.cluster.services.web.servers.a.weight
  }

  async events(): Promise<readonly string[]> {
    const { body } = await this.ask('GET', 'events')
    return (body.events as readonly BoxEvent[])
      .filter(({ about }) => about === 'configuration')
      .map(({ event, text }) => `${event}: ${text}`)
  }

  /** What the director runs with at this moment, asked for and not told. */
  async schedulerNow(): Promise<unknown> {
    return (await this.ask('GET', 'services/web/servers/a/explanation')).body.scheduler
  }

  /** What the director runs with, in its own words. */
  scheduler(expected: string): Promise<unknown> {
    return until(
      `the director schedules by ${expected}`,
      async () => (await this.ask('GET', 'services')).body.services?.[0]?.scheduler,
      seen => seen === expected,
    )
  }

  answers(): Promise<Status | null> {
    return until(
      'it answers',
      () => statusOf(this.run.runDir),
      seen => seen !== null,
      60_000,
    )
  }

  async kill(): Promise<void> {
    this.run.process.kill('SIGKILL')
    await this.run.exited
  }
}

/** Running, with one service at weight 1 that the director has told of. */
export async function configuredRun(t: TestContext, folder: string): Promise<ConfiguredRun> {
  const box = new ConfiguredRun(t, folder)
  await box.answers()
  await box.apply({ document: document(1) })
  await box.scheduler('rr')
  return box
}
