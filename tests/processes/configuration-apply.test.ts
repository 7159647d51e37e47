import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  ConfiguredRun,
  configuredRun,
  document,
  schedulerTo,
  weightTo,
} from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('from nothing to a first revision, and a patch on top of it', async t => {
    const box = new ConfiguredRun(t, temporaryFolder())
    assert.equal((await box.answers())?.configuration, null)
    const { source, revision, document: none } = await box.current()
    assert.deepEqual([source, revision, none], ['store', null, null])

    const first = await box.change({ document: document(1), reason: 'the shop opens' })
    assert.deepEqual([first.body.outcome, first.body.revision.number], ['applied', 1])
    assert.deepEqual(first.body.plan.services.added, ['web'])
    await box.scheduler('rr')

    const second = await box.change(weightTo(5))
    assert.deepEqual(second.body.differences, ['cluster.services.web.servers.a.weight: 1 -> 5'])
    assert.equal(second.body.plan.ipvs.operations, 1)
    assert.deepEqual([second.body.revision.number, second.body.revision.parent], [2, 1])
    const { configuration } = (await statusOf(box.run.runDir)) ?? {}
    assert.deepEqual([configuration?.source, configuration?.revision], ['store', 2])
    assert.match(configuration?.author ?? '', /\(on the box\)$/)
    const events = await box.events()
    assert.match(events[0] ?? '', /^configuration-applied: revision 1 of .*: the shop opens$/)
  })

  test('a dry run says what would happen, and nothing does', async t => {
    const box = await configuredRun(t, temporaryFolder())
    const { body } = await box.change({ ...weightTo(5), dryRun: true })
    assert.deepEqual([body.outcome, body.revision.number], ['planned', 1])
    assert.deepEqual(body.differences, ['cluster.services.web.servers.a.weight: 1 -> 5'])
    assert.deepEqual([await box.weight(), await box.schedulerNow()], [1, 'rr'])
    assert.equal((await box.change(weightTo(1))).body.outcome, 'same')
    assert.equal((await box.ask('GET', 'configuration/revisions')).body.revisions.length, 1)
  })

  test('what is refused leaves everything as it was', async t => {
    const box = await configuredRun(t, temporaryFolder())
    const before = await box.current()
    const refusals = [
      [await box.change(weightTo(-1)), 422, 'configuration-refused'],
      [
        await box.change({ document: { ...document(2), cluster: 7 }, parent: 1 }),
        422,
        'configuration-refused',
      ],
      [await box.change({ patch: [{ op: 'remove', path: '/nowhere' }] }), 400, 'bad-change'],
      [await box.change({ document: document(2) }), 400, 'bad-change'],
      [await box.change({ ...weightTo(2), confirmWithin: '1s' }), 400, 'bad-change'],
      [await box.change({ revision: 7 }), 404, 'no-such-revision'],
      [await box.change({ ...weightTo(2), parent: 7 }), 409, 'stale-revision'],
      [await box.ask('POST', 'configuration/confirmation'), 409, 'nothing-on-trial'],
      [await box.ask('DELETE', 'configuration/trial'), 409, 'nothing-on-trial'],
      [await box.ask('POST', 'configuration/reload'), 409, 'configuration-in-store'],
    ] as const
    for (const [{ status, body }, expected, reason] of refusals) {
      assert.deepEqual([status, body.reason], [expected, reason], JSON.stringify(body))
    }
    assert.deepEqual(await box.current(), before)
    assert.match((await box.events()).join('\n'), /configuration-refused: a change of .*weight/)
  })

  test('of two who change the same revision one is told what the other has done', async t => {
    const box = await configuredRun(t, temporaryFolder())
    const answers = await Promise.all(
      [2, 3, 4].map(weight => box.change({ document: document(weight), parent: 1 })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    const weight = await box.weight()
    const late = answers.find(({ status }) => status === 409)
    assert.equal(late?.body.reason, 'stale-revision')
    assert.equal(late?.body.newest.number, 2)
    assert.deepEqual(late?.body.differences, [
      `cluster.services.web.servers.a.weight: 1 -> ${weight}`,
    ])
  })

  test('what was acknowledged outlives the supervisor, and an old one comes back', async t => {
    const folder = temporaryFolder()
    const first = await configuredRun(t, folder)
    await first.apply(schedulerTo('wrr'))
    await first.kill()
    const box = new ConfiguredRun(t, folder)
    await box.answers()
    await box.scheduler('wrr')
    const back = await box.apply({ revision: 1 })
    assert.deepEqual([back.number, back.reason], [3, 'back to revision 1'])
    await box.scheduler('rr')
  })

  test('a full disk: the processes have the one before again', async t => {
    let mounted = ''
    // Before the folder goes.
    t.after(() => execFileSync('umount', ['-l', mounted]))
    const folder = temporaryFolder()
    const store = join(folder, 'state/config')
    mkdirSync(store, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'none', store])
    mounted = store
    const box = await configuredRun(t, folder)
    assert.throws(() => writeFileSync(join(store, 'ballast'), Buffer.alloc(65_536)), /ENOSPC/)
    const { status, body } = await box.change(schedulerTo('wrr'))
    assert.deepEqual([status, body.reason], [507, 'not-written'])
    assert.match(body.detail, /no space left on device/)
    assert.equal(await box.schedulerNow(), 'rr')
    assert.equal((await box.current()).revision.number, 1)
    rmSync(join(store, 'ballast'))
    await box.apply(schedulerTo('wrr'))
    await box.scheduler('wrr')
  })

  test('a process that does not take it: all have the one before again', async t => {
    execFileSync('ip', ['link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1'])
    execFileSync('ip', ['address', 'add', '198.51.100.2/24', 'dev', 'd0'])
    for (const end of ['d0', 'd1']) execFileSync('ip', ['link', 'set', end, 'up'])
    const router = { interface: 'd0', virtualRouterId: 7, virtualAddresses: ['198.51.100.7/24'] }
    const box = await configuredRun(t, temporaryFolder())
    const add = { op: 'add', path: '/cluster/routers', value: { gate: router } } as const
    await box.apply({ patch: [add] })
    const running = async () => {
      const status = await statusOf(box.run.runDir)
      return status?.processes.find(({ name, state }) => name === 'vrrpd' && state === 'running')
    }
    const vrrpd = await until('vrrpd runs', running, seen => seen !== undefined)
    process.kill(vrrpd?.pid ?? 0, 'SIGSTOP')
    const { status, body } = await box.change({
      patch: [
        { op: 'add', path: '/cluster/routers/gate/priority', value: 42 },
        { op: 'replace', path: '/cluster/services/web/scheduler', value: 'wrr' },
      ],
    })
    assert.deepEqual([status, body.reason], [409, 'not-taken'], JSON.stringify(body))
    assert.match(body.detail, /^vrrpd: is .*"diarch log vrrpd" may say more$/)
    assert.equal((await box.current()).revision.number, 2)
    assert.equal(await box.schedulerNow(), 'rr')
    const again = await until('it runs again', running, seen => seen !== undefined)
    assert.notEqual(again?.pid, vrrpd?.pid)
    await until(
      'its router is as it was',
      async () => (await statusOf(box.run.runDir))?.routers[0]?.priority.configured,
      seen => seen === 100,
    )
  })
})
