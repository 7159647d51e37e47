import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parseFromPair } from '../../appliance/pairing/pair-messages.ts'
import { inOwnNetwork } from './own-network.ts'
import { temporaryFolder, tree, until } from './supervisor-lab.ts'

/** A process `pair`; the test is its supervisor. */
class PairEnd {
  readonly #child: ChildProcess
  readonly heard: unknown[] = []
  #output = ''

  constructor(t: TestContext) {
    const state = temporaryFolder()
    const env = { ...process.env, DIARCH_STATE: state, DIARCH_LIB: state, DIARCH_RUN: state }
    this.#child = fork(join(tree, 'appliance/pair/main.ts'), {
      env: { ...env, DIARCH_PAIR_PORT: '0' },
      stdio: 'pipe',
    })
    this.#child.stdout?.on('data', text => {
      this.#output += text
    })
    this.#child.on('message', message => this.heard.push(parseFromPair(message) ?? message))
    t.after(() => this.#child.kill('SIGKILL'))
  }

  async pin() {
    const known = /port (\d+); this box is (\S+)/
    const output = await until(
      'it listens',
      () => this.#output,
      text => known.test(text),
    )
    const [, port, fingerprint] = known.exec(output) ?? []
    return { fingerprint, address: '127.0.0.1', port: Number(port) }
  }

  tell(message: object): void {
    this.#child.send(message)
  }

  trust(version: string, ...pins: readonly object[]): void {
    const about = { name: `box${version}`, version, schemaVersion: 2 }
    this.tell({ kind: 'pair-pins', about, pins })
  }

  /** Whatever it is: newer software knows more than ours. */
  say(frame: object): void {
    this.tell({ kind: 'pair-send', frame })
  }

  async until(kind: string, times = 1): Promise<readonly unknown[]> {
    const seen = () => this.heard.filter(each => (each as { kind: string }).kind === kind)
    return until(`it says ${kind}`, seen, list => list.length >= times)
  }
}

inOwnNetwork(import.meta.filename, () => {
  test('newer software is no reason to cut the link; nonsense is', async t => {
    const [one, two] = [new PairEnd(t), new PairEnd(t)]
    const [pinOne, pinTwo] = await Promise.all([one.pin(), two.pin()])
    one.trust('9', pinTwo)
    // One of them dials: two connections at once would end in one, and say so.
    two.trust('9', { ...pinOne, port: 1 })
    await Promise.all([one.until('pair-linked'), two.until('pair-linked')])

    for (let time = 0; time < 3; time += 1) one.say({ frame: 'tomorrow', more: [1] })
    one.say({ frame: 'clock', id: 1, more: 'than there was' })
    const [frame] = await two.until('pair-frame')
    assert.deepEqual(frame, { kind: 'pair-frame', frame: { frame: 'clock', id: 1 } })
    assert.deepEqual(await two.until('pair-unknown'), [{ kind: 'pair-unknown', name: 'tomorrow' }])

    one.say({ frame: 'clock', id: 'a word' })
    const [cut] = await two.until('pair-cut')
    const why = 'it sent a frame "clock" with something wrong at "id"'
    assert.deepEqual(cut, { kind: 'pair-cut', why })
    await two.until('pair-linked', 2)
  })

  test('a box with other software is not let in, and learns what to do', async t => {
    const [one, two] = [new PairEnd(t), new PairEnd(t)]
    const [{ address, port, fingerprint }] = await Promise.all([one.pin(), two.pin()])
    const code = '12345678'
    one.trust('9.1')
    two.trust('9.0')
    one.tell({ kind: 'pair-code', code, tries: 5, virtual: [] })
    two.tell({ kind: 'pair-join', id: 1, address, port, code, anyVersion: false })
    const [joined] = await two.until('pair-joined')
    const detail =
      'box9.0 has version 9.0 (schema 2), and box9.1 has version 9.1 (schema 2). Give box9.0 the ' +
      'software of box9.1: on box9.0, "diarch upgrade --from-peer --restart", and then join again'
    const about = { name: 'box9.1', version: '9.1', schemaVersion: 2, port }
    const box = { fingerprint, address, about }
    const outcome = { kind: 'refused', reason: 'versions', detail, box }
    assert.deepEqual(joined, { kind: 'pair-joined', id: 1, outcome })
    const guests = one.heard.filter(each => (each as { kind: string }).kind === 'pair-guest')
    assert.deepEqual(guests, [], 'nobody keeps it')

    two.tell({ kind: 'pair-join', id: 2, address, port, code, anyVersion: true })
    await one.until('pair-guest')
  })
})
