import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addJobs,
  emptyOrder,
  isIdle,
  jobEnded,
  mostAtOnce,
  mostWaiting,
  type NotifyOrder,
} from '../../appliance/vrrp/notify-order.ts'

type Job = { readonly whose: string; readonly name: string }

const job = (whose: string, name: string): Job => ({ whose, name })
const names = (jobs: readonly Job[]): string => jobs.map(({ name }) => name).join(' ')

test('two of one router never run at once, and keep their order', () => {
  let step = addJobs<Job>(emptyOrder, [job('A', 'a1'), job('A', 'a2')])
  assert.equal(names(step.start), 'a1')
  step = addJobs(step.order, [job('A', 'a3')])
  assert.equal(names(step.start), '')
  step = jobEnded(step.order, 'A')
  assert.equal(names(step.start), 'a2')
  step = jobEnded(step.order, 'A')
  assert.equal(names(step.start), 'a3')
  assert.ok(!isIdle(step.order))
  assert.ok(isIdle(jobEnded(step.order, 'A').order))
})

test('routers do not wait for each other', () => {
  const first = addJobs<Job>(emptyOrder, [job('A', 'a1'), job('A', 'a2')])
  const second = addJobs(first.order, [job('B', 'b1'), job('B', 'b2')])
  assert.equal(names(second.start), 'b1')
  assert.equal(names(jobEnded(second.order, 'B').start), 'b2')
})

test('so many run at once, and the next ones as those end, first come first', () => {
  const routers = Array.from({ length: mostAtOnce + 3 }, (_, index) => `R${index}`)
  const all = addJobs<Job>(
    emptyOrder,
    routers.map(router => job(router, router)),
  )
  assert.equal(all.start.length, mostAtOnce)
  assert.equal(names(jobEnded(all.order, 'R5').start), `R${mostAtOnce}`)
})

test('a hook that never ends costs the oldest of its own router, and never the latest', () => {
  let order: NotifyOrder<Job> = addJobs<Job>(emptyOrder, [job('A', 'runs'), job('B', 'b1')]).order
  order = addJobs(order, [job('B', 'b2')]).order
  const dropped: string[] = []
  for (let index = 0; index < mostWaiting + 5; index++) {
    const step = addJobs(order, [job('A', `a${index}`)])
    order = step.order
    dropped.push(...step.dropped.map(({ name }) => name))
  }
  assert.deepEqual(dropped, ['a0', 'a1', 'a2', 'a3', 'a4'])
  assert.equal(names(jobEnded(order, 'A').start), 'a5')
  assert.equal(order.waiting.at(-1)?.name, `a${mostWaiting + 4}`)
  assert.equal(names(jobEnded(order, 'B').start), 'b2')
})
