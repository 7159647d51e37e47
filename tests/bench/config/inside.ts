/** Runs inside of a kernel with IPVS as a test, and prints its samples. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { importKeepalived } from '../../../appliance/keepalived/import.ts'
import { until } from '../../processes/supervisor-lab.ts'
import { parsed } from '../../unit/keepalived-words.ts'
import { tellSamples } from '../checks/samples.ts'
import { BoxApi } from './box-api.ts'
import { largeFile } from './large-file.ts'

const product = resolve(import.meta.dirname, '../../../build/bench/diarch')
const [stateDir, runDir, log] = ['/run/state', '/run/diarch', '/run/supervisor.log']
const rounds = 15

test('samples', async () => {
  const args = [join(product, 'cli.js'), 'run', '--state', stateDir, '--run', runDir]
  const out = openSync(log, 'w')
  const supervisor = spawn(process.execPath, [...args, '--web-port', '0'], {
    stdio: ['ignore', out, out],
  })
  const api = new BoxApi(join(runDir, 'control.sock'))
  try {
    await until(
      'the supervisor answers',
      () =>
        api.ask('GET', '/api/v1/status').then(
          ({ status }) => status === 200,
          () => false,
        ),
      answers => answers,
      60_000,
    )
    tellSamples(await measure(api))
  } catch (error) {
    throw new Error(`${error}\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : ''}`)
  } finally {
    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')
  }
})

async function measure(api: BoxApi) {
  const document = quietDocument()
  const change = '/api/v1/configuration/changes'
  const firstApply = await timed(() => api.must('POST', change, { document }))
  const services = Object.keys(document.cluster.services)
  const servers = services.map(name => Object.keys(document.cluster.services[name].servers))
  await until(
    'all servers are seen',
    () => api.must('GET', '/api/v1/services'),
    text => JSON.parse(text).services?.length === services.length,
    120_000,
  )
  await wait(5000)

  const apply = await each(rounds, round => {
    const [service, server] = [services[10 * round] ?? '', servers[10 * round]?.[0] ?? '']
    const path = `/cluster/services/${service}/servers/${server}`
    const [address, port] = document.cluster.services[service].servers[server].split(':')
    const value = { address, port: Number(port), weight: 2 }
    return timed(async () => {
      const answer = JSON.parse(
        await api.must('POST', change, { patch: [{ op: 'replace', path, value }] }),
      )
      assert.equal(answer.outcome, 'applied')
    })
  })
  const status = await each(rounds, () => timed(() => api.must('GET', '/api/v1/status')))
  const list = await each(rounds, () => timed(() => api.must('GET', '/api/v1/services')))
  const news = await drains(api, services, servers)
  return {
    firstApply,
    apply,
    status,
    statusBytes: (await api.must('GET', '/api/v1/status')).length,
    services: list,
    servicesBytes: (await api.must('GET', '/api/v1/services')).length,
    ...news,
  }
}

/** Of the same file. So many checks of servers that are not there would be measured too. */
function quietDocument(): Loose {
  const document: Loose = importKeepalived(parsed(largeFile(1000, 10)).entries).document
  const rarely = { interval: '24h', retryInterval: '24h', warmUp: '1h' }
  for (const check of Object.values(document.cluster.checks)) Object.assign(check as Loose, rarely)
  return document
}

/** From the drain of a server until the event that names it, and how large that is. */
async function drains(
  api: BoxApi,
  services: readonly string[],
  servers: readonly (readonly string[])[],
) {
  let heard: string[] = []
  const end = await api.stream('/api/v1/services/stream', event => heard.push(event))
  await until(
    'the whole document',
    () => heard.length,
    count => count > 0,
  )
  const [news, newsBytes]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    await wait(1500)
    const [service = '', server = ''] = [services[7 * round + 3], servers[7 * round + 3]?.[1]]
    const names = [service, 'servers', server].map(encodeURIComponent)
    heard = []
    const began = performance.now()
    await api.must('PUT', `/api/v1/services/${names.join('/')}/override`, { state: 'drain' })
    const event = await until(
      `the news of ${server}`,
      () => heard.find(each => each.includes(JSON.stringify(server))),
      found => found !== undefined,
    )
    news.push(performance.now() - began)
    newsBytes.push(Buffer.byteLength(event ?? ''))
  }
  end()
  return { news, newsBytes }
}

// biome-ignore lint/suspicious/noExplicitAny: what the importer makes is looked into
type Loose = any

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function each(times: number, work: (round: number) => Promise<number>): Promise<number[]> {
  const samples: number[] = []
  for (let round = 0; round < times; round++) samples.push(await work(round))
  return samples
}
