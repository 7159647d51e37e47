import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { askJson } from '../../appliance/fence/https-json.ts'
import { inOwnNetwork } from './own-network.ts'
import { device, off, refusal } from './power-devices.ts'
import { certificates, ownFolder, until } from './probes-lab.ts'

/** A real server for UDP: it is there when its port is taken. */
function withUdpServer(port: number, program: string, ...args: readonly string[]): void {
  let said = ''
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (said += part))
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  before(() =>
    until(`${program} listens`, () => {
      assert.equal(child.exitCode, null, `${program} has ended: ${said}`)
      return readFileSync('/proc/self/net/udp', 'utf8').includes(hex)
    }),
  )
  after(() => void child.kill('SIGKILL'))
}

type Wish = { power: 'on' | 'off'; refuses: boolean; stuck: boolean; delay: number }
type Request = {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly headers: IncomingHttpHeaders
}
type Reply = { readonly status: number; readonly value?: unknown }

inOwnNetwork(import.meta.filename, () => {
  const { folder, authority } = certificates()
  const own = ownFolder()

  /** A controller that behaves as it is documented, and as badly as it is told to. */
  async function controller(
    t: TestContext,
    isKnown: (request: Request) => boolean,
    answer: (wish: Wish, request: Request, asked: string[]) => Reply,
  ) {
    const wish: Wish = { power: 'on', refuses: false, stuck: false, delay: 0 }
    const asked: string[] = []
    const files = { cert: 'good.pem', key: 'good.key' } as const
    const tls = Object.entries(files).map(([key, name]) => [key, readFileSync(join(folder, name))])
    const server = createServer(Object.fromEntries(tls), (request, response) => {
      let text = ''
      request.on('data', part => {
        text += part
      })
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request
        const body: unknown = text === '' ? null : JSON.parse(text)
        const all = { method, path, body, headers }
        const reply = isKnown(all) ? answer(wish, all, asked) : { status: 401 }
        const value = 'value' in reply ? JSON.stringify(reply.value) : ''
        response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(value)
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.close()
      server.closeAllConnections()
    })
    return { wish, asked, port: (server.address() as AddressInfo).port }
  }

  const by = (authorization: string) => (request: Request) =>
    request.headers.authorization === authorization

  const turn = (wish: Wish, to: 'on' | 'off'): void => {
    if (wish.stuck) return
    setTimeout(() => {
      wish.power = to
    }, wish.delay)
  }

  test('redfish: off is what PowerState says, and not that the request was taken', async t => {
    const basic = `Basic ${Buffer.from('diarch:correct').toString('base64')}`
    const system = '/redfish/v1/Systems/437XR1138R2'
    const target = `${system}/Actions/ComputerSystem.Reset`
    const { wish, asked, port } = await controller(t, by(basic), (state, request, seen) => {
      const { method, path, body } = request
      if (path === '/redfish/v1/Systems') {
        return { status: 200, value: { Members: [{ '@odata.id': system }] } }
      }
      if (method === 'GET' && path === system) {
        const PowerState = state.power === 'on' ? 'On' : 'Off'
        const Actions = { '#ComputerSystem.Reset': { target } }
        return { status: 200, value: { PowerState, Actions } }
      }
      if (method !== 'POST' || path !== target) return { status: 404 }
      const { ResetType } = body as { ResetType: string }
      seen.push(ResetType)
      if (state.refuses) {
        const message = 'A general error has occurred.'
        return { status: 400, value: { error: { code: 'Base.1.0.GeneralError', message } } }
      }
      turn(state, ResetType === 'ForceOff' ? 'off' : 'on')
      return { status: 204 }
    })
    const base = { kind: 'redfish', server: '127.0.0.1', port, ca: authority }
    const login = { user: 'diarch', password: 'correct' }
    const good = device({ ...base, login })
    assert.equal(await good.read(), 'on')
    wish.delay = 300
    assert.deepEqual(await off(good), { kind: 'confirmed', text: 'it was switched off' })
    assert.deepEqual(asked, ['ForceOff'], 'it is asked for once')
    assert.deepEqual(await off(good), { kind: 'confirmed', text: 'it was off already' })
    assert.equal(await good.turn('on'), 'asked')
    await until('it is on again', async () => (await good.read()) === 'on')

    wish.stuck = true
    const lie = await off(good, 1000)
    const still = 'it took the request, and after 1 s still says that the power is on'
    assert.deepEqual(lie, { kind: 'failed', text: still })
    wish.refuses = true
    const no = await off(good, 1000)
    assert.match(no.kind === 'failed' ? no.text : '', /Reset: status 400: A general error has occu/)

    const wrong = device({ ...base, login: { user: 'diarch', password: 'wrong' } })
    assert.match(await refusal(wrong.read()), /^GET https:.*Systems: status 401$/)
    const stranger = device({ ...base, ca: null, login })
    assert.match(await refusal(stranger.read()), /unable to verify|self.signed|issuer/)
    assert.equal(await device({ ...base, ca: null, verify: false, login }).read(), 'on')
  })

  test('a controller at an address of IPv6, in brackets or not', async t => {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'
    const names = '-subj /CN=six -addext subjectAltName=IP:::1 -keyout six.key -out six.pem'
    execFileSync('openssl', `${request} ${names}`.split(' '), { cwd: folder, stdio: 'pipe' })
    const [cert, key] = [join(folder, 'six.pem'), join(folder, 'six.key')].map(path =>
      readFileSync(path, 'utf8'),
    )
    const files = { cert, key } as { readonly cert: string; readonly key: string }
    const server = createServer(files, (_, response) => response.end('{"power":"on"}'))
    await new Promise<void>(resolve => server.listen(0, '::1', resolve))
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const ca = files.cert.replaceAll('\n', '')
    for (const at of ['::1', '[::1]']) {
      const controller = { server: at, port, verify: true, ca, headers: {} }
      assert.deepEqual(await askJson(controller, 'GET', '/'), { power: 'on' }, at)
    }
  })

  test('proxmox: a machine is stopped, and what it is afterwards counts', async t => {
    const path = '/api2/json/nodes/pve1/qemu/101/status'
    const secret = '7d9a8f6e-0000-4000-8000-000000000001'
    const token = `PVEAPIToken=diarch@pve!fence=${secret}`
    const { wish, asked, port } = await controller(t, by(token), (state, request, seen) => {
      if (request.path === `${path}/current`) {
        const status = state.power === 'on' ? 'running' : 'stopped'
        return { status: 200, value: { data: { status, vmid: 101, qmpstatus: status } } }
      }
      if (request.method !== 'POST') return { status: 501 }
      seen.push(request.path.replace(`${path}/`, ''))
      if (state.refuses) return { status: 403, value: { message: 'Permission check failed' } }
      turn(state, request.path.endsWith('/stop') ? 'off' : 'on')
      return { status: 200, value: { data: 'UPID:pve1:0000:0000:qmstop:101:diarch@pve!fence:' } }
    })
    const base = { kind: 'proxmox', server: '127.0.0.1', port, ca: authority, node: 'pve1' }
    const good = device({ ...base, machine: 101, token: 'diarch@pve!fence', secret })
    wish.delay = 300
    assert.deepEqual(await off(good), { kind: 'confirmed', text: 'it was switched off' })
    await good.turn('on')
    assert.deepEqual(asked, ['stop', 'start'])
    await until('it is on again', async () => (await good.read()) === 'on')
    wish.refuses = true
    const no = await off(good, 1000)
    assert.match(no.kind === 'failed' ? no.text : '', /stop: status 403: Permission check failed$/)
  })

  // Made from what is published of the API: there is no vCenter Server that a test may start.
  test('vmware: a machine by its name, in a session that is given back', async t => {
    const basic = `Basic ${Buffer.from('diarch@vsphere.local:correct').toString('base64')}`
    const session = 'b00db39f948d13ea1e59b4d6fce56389'
    let open = 0
    const { wish, asked, port } = await controller(
      t,
      ({ method, path, headers }) =>
        method === 'POST' && path === '/api/session'
          ? headers.authorization === basic
          : headers['vmware-api-session-id'] === session,
      (state, { method, path }, seen) => {
        if (path === '/api/session') {
          open += method === 'POST' ? 1 : -1
          return method === 'POST' ? { status: 201, value: session } : { status: 204 }
        }
        const names = new URL(path, 'https://x').searchParams.get('names')
        if (names !== null) {
          const all = ['lb one', 'twin', 'twin'].map((name, index) => ({ vm: `vm-${index}`, name }))
          return { status: 200, value: all.filter(({ name }) => name === names) }
        }
        if (method === 'GET' && path === '/api/vcenter/vm/vm-0/power') {
          return { status: 200, value: { state: `POWERED_${state.power.toUpperCase()}` } }
        }
        const action = /^\/api\/vcenter\/vm\/vm-0\/power\?action=(\w+)$/.exec(path)?.[1]
        if (method !== 'POST' || action === undefined) return { status: 404 }
        seen.push(action)
        if (state.refuses) {
          const messages = [{ default_message: 'Not allowed.', id: 'x', args: [] }]
          return { status: 403, value: { error_type: 'UNAUTHORIZED', messages } }
        }
        turn(state, action === 'stop' ? 'off' : 'on')
        return { status: 204 }
      },
    )
    const base = { kind: 'vmware', server: '127.0.0.1', port, ca: authority, machine: 'lb one' }
    const login = { user: 'diarch@vsphere.local', password: 'correct' }
    const good = device({ ...base, login })
    assert.equal(await good.read(), 'on')
    wish.delay = 300
    assert.deepEqual(await off(good), { kind: 'confirmed', text: 'it was switched off' })
    await good.turn('on')
    assert.deepEqual(asked, ['stop', 'start'])
    await until('it is on again', async () => (await good.read()) === 'on')
    wish.refuses = true
    const no = await off(good, 1000)
    assert.match(no.kind === 'failed' ? no.text : '', /action=stop: status 403: Not allowed\.$/)
    const named = (machine: string) => refusal(device({ ...base, machine, login }).read())
    assert.match(await named('lb two'), /has 0 machines named "lb two": or this account may not/)
    assert.match(await named('twin'), /has 2 machines named "twin": give it a name of its own/)
    assert.equal(open, 0, 'each session is given back')
    const wrong = device({ ...base, login: { ...login, password: 'wrong' } })
    assert.match(await refusal(wrong.read()), /^POST https:.*\/api\/session: status 401$/)
    const esxi = await controller(
      t,
      () => true,
      () => ({ status: 404 }),
    )
    const alone = await refusal(device({ ...base, port: esxi.port, login }).read())
    assert.match(alone, /no vCenter Server of 7\.0 U2 or later. An ESXi host alone speaks SOAP/)
  })

  const sim = join(own, 'ipmi')
  mkdirSync(join(sim, 'state'), { recursive: true })
  const power = join(sim, 'power')
  writeFileSync(power, '1')
  const chassis = `#!/bin/sh
    # ADDRESS get power | ADDRESS set power VALUE
    if [ "$2" = get ]; then echo "power:$(cat ${power})"; else echo "$4" >${power}; fi`
  writeFileSync(join(sim, 'chassis'), chassis, { mode: 0o755 })
  const all = ['callback', 'user', 'operator', 'admin']
  const lan = `name "box"
    set_working_mc 0x20
    startlan 1
      addr 127.0.0.1 623
      priv_limit admin
      ${all.map(level => `allowed_auths_${level} none md2 md5 straight`).join('\n')}
      guid a123456789abcdefa123456789abcdef
    endlan
    chassis_control "${sim}/chassis 0x20"
    user 1 false "" "" user 10 none md2 md5 straight
    user 2 true "diarch" "correct" operator 10 none md2 md5 straight`
  writeFileSync(join(sim, 'lan.conf'), `${lan}\n`)
  const mc = '0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr'
  writeFileSync(join(sim, 'start'), `mc_setbmc 0x20\nmc_add ${mc}\nmc_enable 0x20\n`)
  const simFiles = ['-c', join(sim, 'lan.conf'), '-f', join(sim, 'start'), '-s', join(sim, 'state')]
  withUdpServer(623, 'ipmi_sim', ...simFiles, '-n')

  test('ipmi: a session of RMCP+ with a real controller in software', async () => {
    const ipmi = (user: string, password: string) =>
      device({ kind: 'ipmi', server: '127.0.0.1', login: { user, password } })
    const good = ipmi('diarch', 'correct')
    assert.equal(await good.read(), 'on')
    assert.deepEqual(await off(good), { kind: 'confirmed', text: 'it was switched off' })
    assert.equal(readFileSync(power, 'utf8').trim(), '0')
    await good.turn('on')
    assert.equal(await good.read(), 'on')
    assert.match(await refusal(ipmi('diarch', 'wrong').read()), /the password is not right/)
    assert.match(await refusal(ipmi('nobody', 'correct').read()), /there is no such user/)
    const silent = device({
      ...{ kind: 'ipmi', server: '127.0.0.1', port: 624 },
      login: { user: 'a', password: 'b' },
    })
    assert.match(await refusal(silent.read()), /127\.0\.0\.1.*(ECONNREFUSED|does not answer)/)
  })

  const agent = join(own, 'snmp')
  mkdirSync(agent)
  const outlets = [7, 8].map(outlet => `1.3.6.1.4.1.318.1.1.4.4.2.1.3.${outlet}`)
  const snmpd = `agentAddress udp:127.0.0.1:161
rwcommunity private
rocommunity public
${outlets.map(oid => `override -rw .${oid} integer 1`).join('\n')}
createUser diarch SHA "correct horse" AES "battery staple"
rwuser diarch priv
`
  writeFileSync(join(agent, 'snmpd.conf'), snmpd)
  const agentArgs = ['-f', '-Lo', '-C', '-c', join(agent, 'snmpd.conf')]
  withUdpServer(161, 'snmpd', ...agentArgs, '-p', join(agent, 'pid'), `--persistentDir=${agent}`)

  test('pdu: both outlets of a box, by SNMPv2c and v3', async () => {
    const base = { kind: 'pdu', server: '127.0.0.1', outlets }
    const v2 = device({ ...base, secret: 'private' })
    const v3 = (password: string) =>
      device({ ...base, login: { user: 'diarch', password, secret: 'battery staple' } })
    assert.equal(await v2.read(), 'on')
    await device({ ...base, outlets: [outlets[0]], secret: 'private' }).turn('off')
    assert.equal(await v2.read(), 'on', 'one of its two power supplies has power')
    assert.deepEqual(await off(v3('correct horse')), {
      kind: 'confirmed',
      text: 'it was switched off',
    })
    assert.equal(await v2.read(), 'off')
    await v2.turn('on')
    assert.equal(await v3('correct horse').read(), 'on')
    assert.match(await refusal(v3('incorrect horse').read()), /127\.0\.0\.1: Wrong Digest/)
    const reader = device({ ...base, secret: 'public' })
    assert.match(await refusal(reader.turn('off')), /127\.0\.0\.1: .*NoAccess/)
    const elsewhere = device({ ...base, outlets: ['1.3.6.1.4.1.318.9'], secret: 'private' })
    assert.match(await refusal(elsewhere.read()), /NoSuchObject: 1\.3\.6\.1\.4\.1\.318\.9/)
  })
})
