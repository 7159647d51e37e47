import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { SerialPath } from '../../appliance/guard/guard-config.ts'
import { SerialPort } from '../../appliance/linux/serial-port.ts'
import { milliseconds } from '../../appliance/values/duration.ts'
import { SerialPaths } from '../../appliance/vrrpd/serial-paths.ts'
import { SerialCable } from '../lab/serial-cable.ts'
import { compileNative, temporaryFolder, tree, until } from './supervisor-lab.ts'

const library = process.env.LD_PRELOAD
// Not for socat.
delete process.env.LD_PRELOAD

if (library === undefined) {
  compileNative()
  test('with adapters that are slow', async () => {
    const made = join(temporaryFolder(), 'slow-adapter.so')
    const source = join(tree, 'tests/lab/slow-adapter.c')
    execFileSync('cc', ['-shared', '-fPIC', '-o', made, source])
    const env: NodeJS.ProcessEnv = { ...process.env, LD_PRELOAD: made }
    delete env.NODE_TEST_CONTEXT
    const words = ['--test-reporter=tap', import.meta.filename]
    await promisify(execFile)(process.execPath, words, { env, timeout: 60_000 }).catch(error => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`)
    })
  })
} else {
  const plugged = async (t: TestContext): Promise<string> => {
    const cable = new SerialCable(t)
    await cable.plug()
    return `..${cable.links[0]}`
  }

  test('whoever opens a port, changes it and lets it go is never held up', async t => {
    const serial = await plugged(t)
    const config: SerialPath = {
      name: 'cable',
      serial,
      baud: 9600,
      pace: milliseconds(100),
      direct: false,
    }
    let changes = 0
    const paths = new SerialPaths({
      onReadable: () => undefined,
      onHeartbeat: () => undefined,
      onChange: () => {
        changes += 1
      },
    })
    const packets = [new Uint8Array(90)]
    const say = (): number => {
      let sent = 0
      paths.send({ packets, again: () => packets, changed: true }, () => {
        sent += 1
      })
      return sent
    }
    let turns = 0
    const ticks = setInterval(() => {
      turns += 1
    }, 10)
    t.after(() => clearInterval(ticks))
    const begun = performance.now()
    paths.want([config])
    await until('it is open', say, sent => sent === 1)
    // More routers: the port stays as it is, and speaks at once.
    paths.want([{ ...config, pace: milliseconds(200) }])
    assert.equal(say(), 1)
    paths.want([{ ...config, baud: 19_200 }])
    assert.equal(say(), 0)
    await until('it is open anew', say, sent => sent === 1)
    paths.want([{ ...config, baud: 230_400 }])
    await until(
      'it is refused',
      () => changes,
      count => count === 1,
    )
    assert.match(paths.obstacles[0]?.[1] ?? '', /: it does not take 230400 baud$/)
    paths.close()
    const lasted = performance.now() - begun
    assert.ok(lasted > 900, `${lasted} ms for three opens and two closes of 200 ms each`)
    assert.ok(turns > 30, `${turns} turns of the loop in ${lasted} ms`)
  })

  test('who asks last finds the port as it asked for it', async t => {
    const serial = await plugged(t)
    const both = await Promise.all([SerialPort.open(serial, 9600), SerialPort.open(serial, 19_200)])
    const speed = execFileSync('stty', ['-F', `/dev/${serial}`, 'speed'], { encoding: 'utf8' })
    assert.equal(speed.trim(), '19200')
    for (const port of both) port.close()
  })
}
