import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { inOwnNetwork } from './own-network.ts'
import { device, off, refusal } from './power-devices.ts'
import { certificates, ownFolder, until } from './probes-lab.ts'

/** A machine without anything but a processor: QEMU starts, and finds nothing to boot from. */
const machine = `<domain type='qemu'>
  <name>box</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>`

const nobody = 65_534

inOwnNetwork(import.meta.filename, () => {
  const { folder, authority } = certificates()
  const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const own = ownFolder()
  const at = (...path: string[]): string => join(own, ...path)

  mkdirSync(at('config/libvirt/qemu'), { recursive: true })
  mkdirSync(at('run'))
  writeFileSync(at('config/libvirt/qemu.conf'), 'stdio_handler = "file"\n')
  writeFileSync(at('config/libvirt/qemu/box.xml'), machine)
  for (const name of ['ca.pem', 'good.pem', 'good.key']) writeFileSync(at(name), pem(name))
  const settings = {
    ...{ listen_tls: 1, listen_tcp: 0, listen_addr: '127.0.0.1', unix_sock_dir: at('run') },
    ...{ ca_file: at('ca.pem'), cert_file: at('good.pem'), key_file: at('good.key') },
    ...{ auth_tls: 'none', log_outputs: '3:stderr' },
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  writeFileSync(at('libvirtd.conf'), `${lines.join('\n')}\n`)
  execFileSync('chown', ['-R', `${nobody}:${nobody}`, own])

  // A daemon of nobody's own; what it starts goes with it.
  const alone = ['unshare', '--pid', '--mount', '--fork', '--kill-child', '--mount-proc'] as const
  // The first process takes in those that daemons leave behind: else a dead QEMU is a zombie.
  const first = ['sh', '-c', '"$@" & wait', 'sh']
  const account = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  const daemon = ['libvirtd', '--listen', '--config', at('libvirtd.conf'), '--pid-file', at('pid')]
  const [program, ...args] = [...alone, ...first, ...account, ...daemon]
  const env = {
    ...{ HOME: own, XDG_CONFIG_HOME: at('config'), XDG_CACHE_HOME: at('cache') },
    ...{ XDG_RUNTIME_DIR: at('run'), PATH: process.env.PATH },
  }
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', part => (said += part))
  // `unshare` does not heed less.
  after(() => void child.kill('SIGKILL'))

  const host = (more: object = {}) =>
    device({
      ...{ kind: 'libvirt', server: '127.0.0.1', machine: 'box', uri: 'qemu:///session' },
      ...{ ca: authority, certificate: pem('good.pem'), secret: pem('good.key'), ...more },
    })

  async function patiently(attempt: () => Promise<unknown>): Promise<void> {
    const limit = performance.now() + 90_000
    for (;;) {
      try {
        await attempt()
        return
      } catch (error) {
        const isOver = performance.now() > limit || child.exitCode !== null
        if (isOver) throw new Error(`${error}\n${said}`)
        await wait(100)
      }
    }
  }

  /** It takes connections before it has tried what QEMU can do, and answers afterwards. */
  before(() => patiently(() => host().read()))

  const emulators = (): readonly string[] =>
    readdirSync('/proc').filter(pid => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return words.includes('qemu-system') && words.includes(own)
      } catch {
        return false
      }
    })

  test('libvirt: a machine of a real host is switched on, off, and asked', async () => {
    const box = host()
    assert.equal(await box.read(), 'off')
    // On a busy machine QEMU takes longer to start than an answer may.
    await box.turn('on').catch(error => assert.match(error.message, /switching it on: no answer/))
    await patiently(async () => assert.equal(await box.read(), 'on'))
    assert.equal(emulators().length, 1)
    assert.deepEqual(await off(box, 60_000), { kind: 'confirmed', text: 'it was switched off' })
    assert.equal(await box.read(), 'off')
    await until('its process has ended', () => emulators().length === 0)
    const again = /^127\.0\.0\.1: switching it off: .*domain is not running/
    assert.match(await refusal(box.turn('off')), again)
  })

  test('libvirt: what a form has made one line of is read all the same', async () => {
    const flat = (text: string): string => text.replaceAll('\n', '')
    const [certificate, secret] = [flat(pem('good.pem')), flat(pem('good.key'))]
    assert.equal(await host({ ca: flat(authority), certificate, secret }).read(), 'off')
  })

  test('libvirt: what is asked for has to be there', async () => {
    const other = host({ machine: 'other' })
    assert.match(await refusal(other.read()), /looking for the machine: .*no domain.*other/)
    const hypervisor = host({ uri: 'xen:///system' })
    assert.match(await refusal(hypervisor.read()), /^127\.0\.0\.1: opening the hypervisor: /)
    const nowhere = host({ port: 16_509 })
    assert.match(await refusal(nowhere.read()), /^127\.0\.0\.1: connecting: .*ECONNREFUSED/)
  })

  test('libvirt: each side looks at the certificate of the other', async () => {
    const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
    const made = `req -x509 ${key} -keyout own.key -out own.pem -subj /CN=stranger -days 30`
    execFileSync('openssl', made.split(' '), { cwd: folder, stdio: 'pipe' })
    const stranger = { certificate: pem('own.pem'), secret: pem('own.key') }
    const unknown = await refusal(host(stranger).read())
    assert.match(unknown, /^127\.0\.0\.1: connecting: the host does not take our certificate: /)
    const late = { certificate: pem('expired.pem'), secret: pem('expired.key') }
    assert.match(await refusal(host(late).read()), /the host does not take our certificate/)
    const elsewhere = host({ ca: pem('own.pem') })
    assert.match(await refusal(elsewhere.read()), /connecting: unable to verify/)
    const misnamed = host({ server: 'localhost' })
    assert.match(await refusal(misnamed.read()), /connecting: .*does not match certificate/)
  })
})
