import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseFromPair } from '../../appliance/pairing/pair-messages.ts'
import type { RunningSlot } from '../../appliance/status/document.ts'
import { PeerImage } from '../../appliance/supervisor/pair/image.ts'
import type { Pair } from '../../appliance/supervisor/pair/pair.ts'
import type { KnownBox } from '../../appliance/supervisor/pair/record.ts'
import {
  type RunningSoftware,
  runningSoftware,
} from '../../appliance/supervisor/upgrade/running-software.ts'
import { inOwnNetwork } from './own-network.ts'
import { temporaryFolder, tree, until } from './supervisor-lab.ts'
import { ask, cli } from './supervisor-run.ts'
import {
  fileOf,
  makeSlot,
  openUpgradeBox,
  partitionSize,
  type Slot,
  type UpgradeBox,
} from './upgrade-lab.ts'

/** A box with the real process `pair`, the real API and writer, on files that are no disk. */
class PeerBox {
  readonly folder = temporaryFolder()
  readonly heard: string[] = []
  readonly notes: string[] = []
  readonly image: PeerImage
  pair: ChildProcess
  box!: UpgradeBox
  #output = ''
  knows: KnownBox | null = null
  state: RunningSlot['state'] = 'confirmed'
  /** Instead of what its disk has. */
  gives: (() => Promise<RunningSoftware | string>) | null = null

  private constructor() {
    this.pair = this.#start()
    const path = join(this.folder, 'slot-a')
    const running = { running: 'a', since: '', why: '' } as const
    this.image = new PeerImage({
      ...{ runDir: this.folder, changesUser: false },
      send: message => this.pair.send(message),
      process: { need: () => () => {}, runs: async () => true },
      whom: () => this.knows,
      software: () =>
        this.gives?.() ??
        runningSoftware({
          running: () => ({ ...running, state: this.state }),
          partition: async () => ({ path, size: partitionSize }),
        }),
      note: (event, text) => this.notes.push(`${event}: ${text}`),
    })
  }

  static async open(): Promise<PeerBox> {
    const opened = new PeerBox()
    const { folder, image } = opened
    opened.box = await openUpgradeBox(folder, { pair: { image } as Pair })
    await image.listen()
    after(async () => {
      opened.pair.kill('SIGKILL')
      opened.box.doors.close()
      await image.close()
    })
    return opened
  }

  #start(): ChildProcess {
    const { folder } = this
    const env = { ...process.env, DIARCH_STATE: folder, DIARCH_LIB: folder, DIARCH_RUN: folder }
    const pair = fork(join(tree, 'appliance/pair/main.ts'), {
      env: { ...env, DIARCH_PAIR_PORT: '0' },
      stdio: 'pipe',
    })
    pair.stdout?.on('data', text => {
      this.#output += text
    })
    pair.on('message', message => {
      const parsed = parseFromPair(message)
      if (parsed !== null) this.heard.push(parsed.kind)
      if (parsed?.kind === 'pair-image-lost') this.image.onLost(parsed.id, parsed.why)
    })
    return pair
  }

  async startAgain(): Promise<KnownBox> {
    this.#output = ''
    this.pair = this.#start()
    return this.itself()
  }

  async itself(): Promise<KnownBox> {
    const known = /port (\d+); this box is (\S+)/
    const output = await until(
      'it listens',
      () => this.#output,
      text => known.test(text),
    )
    const [, port, fingerprint = ''] = known.exec(output) ?? []
    const agreed = { hash: '', count: 1 }
    const key = { fingerprint, next: null, keySince: null }
    const about = { name: 'lb1', version: '0.2.0', agreed }
    return { ...key, ...about, address: '127.0.0.1', port: Number(port) }
  }

  trust(...pins: readonly KnownBox[]): void {
    const about = { name: 'lb', version: '0.2.0', schemaVersion: 2 }
    this.pair.send({ kind: 'pair-pins', about, pins })
  }

  /** As it lies on the disk that it runs from. */
  runs({ body, label }: Pick<Slot, 'body' | 'label'>): void {
    writeFileSync(join(this.folder, 'slot-a'), Buffer.concat([body, label]))
  }

  /** Asks for it over the API, and waits until it is there or is not: the words that are told. */
  async takes(query = ''): Promise<string> {
    const { status, body } = await ask(this.folder, 'POST', `/api/v1/upgrade/peer${query}`)
    if (status !== 202) return `${body.reason}: ${body.title}. ${body.detail}`
    const ends: readonly unknown[] = ['ready', 'failed']
    const ended = () => ends.includes(this.box.upgrade.status?.state)
    await until('it has come to an end', ended, isOver => isOver)
    const { state, why } = this.box.upgrade.status ?? {}
    return `${state}: ${why}`
  }

  async diarch(...args: string[]): Promise<string> {
    const env = { ...process.env, DIARCH_RUN: this.folder }
    const child = spawn(process.execPath, [cli, 'upgrade', '--from-peer', ...args], { env })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', part => {
        said += part
      })
    }
    const [code] = await once(child, 'close')
    return `${said}exit ${code}`
  }
}

const emptied = { order: 'ab', a: 'ok', b: 'empty', last: 'a' } as const

/** Nobody, not even GRUB, takes the partition for a system. */
const assertNothingThere = ({ at, environment, starts }: UpgradeBox): void => {
  assert.deepEqual(at(0, 4096), Buffer.alloc(4096))
  assert.deepEqual(environment, emptied)
  assert.deepEqual([...starts], ['a'], 'a power cut at any moment starts what runs')
}

inOwnNetwork(import.meta.filename, () => {
  test('a box takes what its peer runs, or nothing', async () => {
    const [one, two] = await Promise.all([PeerBox.open(), PeerBox.open()])
    const [lb1, lb2] = await Promise.all([one.itself(), two.itself()])
    const slot = makeSlot({ size: 7 * 1024 * 1024 })
    one.runs(slot)
    const { box } = two

    assert.match(await two.takes(), /^not-paired: There is no other box/)
    two.knows = lb1
    two.trust(lb1)
    const stranger = /^no-software: lb1 does not give its software: it does not know this box/
    assert.match(await two.takes(), stranger)
    one.trust(lb2)
    await until(
      'the two are linked',
      () => two.heard,
      kinds => kinds.includes('pair-linked'),
    )
    const before = two.heard.length

    // Whole, over the real connection.
    const said = await two.diarch()
    assert.match(said, /^lb1 runs the software below; this box runs version 0\.1\.0$/m)
    assert.match(said, /^version 0\.2\.0 \(abc\), signed, goes into slot B$/m)
    assert.match(said, /^version 0\.2\.0: slot B is whole; the next start tries it\.$/m)
    assert.match(said, /\nexit 0$/)
    assert.ok(box.at(0, slot.body.length).equals(slot.body))
    assert.ok(box.at(slot.body.length, 4096).equals(slot.label))
    assert.deepEqual(box.environment, { order: 'ba', a: 'ok', b: '3', last: 'a' })
    assert.match(box.events.join('\n'), /writes version 0\.2\.0 \(abc\) into slot B, from lb1\n/)
    assert.match(one.notes.join('\n'), /^image-given: the other box has taken version 0\.2\.0/)
    assert.ok(!two.heard.slice(before).includes('pair-cut'), 'the link of the pair stood')

    // What is not confirmed there is not for others; what is on trial here keeps its way back.
    box.reset()
    one.state = 'trial'
    assert.match(await two.takes(), /^no-software: .*: its own is on trial/)
    one.state = 'confirmed'
    box.trial = true
    assert.match(await two.takes(), /^slot-on-trial: /)
    box.trial = false

    // Signed by others: at the box itself, and with a word.
    one.runs(makeSlot({ by: 'others' }))
    assert.match(await two.diarch(), /signed by somebody else.* --unsigned takes it all the same/)
    one.runs(makeSlot({ schema: 1 }))
    assert.match(await two.takes(), /^older-schema: /)
    one.runs(makeSlot({ size: partitionSize }))
    assert.match(await two.takes(), /^not-a-slot: The file says that it holds 8388608 bytes/)
    assert.deepEqual(box.environment, { ...emptied, b: 'ok' })
    assert.deepEqual(box.events, [])

    // A bit that was flipped on the disk there is noticed there, and one on the way here.
    box.reset()
    const flipped = Buffer.from(slot.body)
    flipped[3_000_000] = (flipped[3_000_000] ?? 0) ^ 1
    one.runs({ body: flipped, label: slot.label })
    assert.match(await two.takes(), /^failed: .*(cut off|connection ended)/)
    assertNothingThere(box)
    assert.match(one.notes.join('\n'), /image-not-given: .*slot-a does not give version 0\.2\.0/)
    box.reset()
    one.gives = async () => ({
      ...{ version: '0.2.0', bytes: 4096 + flipped.length },
      pieces: async function* () {
        yield fileOf({ label: slot.label, body: flipped })
      },
    })
    assert.match(await two.takes(), /^failed: it was damaged on its way: its SHA-256/)
    assertNothingThere(box)
    one.gives = null

    // Cut in the middle, at the moment at which it is being written; a second one has to wait.
    box.reset()
    one.runs(slot)
    box.onBegan = () => one.pair.kill('SIGSTOP')
    const first = two.takes()
    await until(
      'it is being written',
      () => box.upgrade.status?.state,
      state => state === 'writing',
    )
    assert.match(await two.takes(), /^upgrade-under-way: lb1 is sending an upgrade/)
    one.pair.kill('SIGKILL')
    assert.match(await first, /^failed: .*(cut off|connection ended)/)
    assertNothingThere(box)

    assert.match(await two.takes(), /^no-peer: lb1 at 127\.0\.0\.1 does not give its software/)
    two.knows = await one.startAgain()
    one.trust(lb2)
    // Software of before ends a connection that begins so.
    await one.image.close()
    assert.match(await two.takes(), /^no-software: lb1 ends the connection .*may be too old/)
    assertNothingThere(box)
  })
})
