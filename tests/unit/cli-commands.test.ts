import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { type Add, commandsFor } from '../../appliance/cli/command-table.ts'

function namesOf(adds: readonly Add[]): readonly string[] {
  const diarch = new Command('diarch')
  for (const add of adds) add(diarch)
  return diarch.commands.map(command => command.name())
}

test('each command of the help is found by its name, and comes without the others', async () => {
  const all = namesOf(await commandsFor('--help'))
  assert.deepEqual(all, [...new Set(all)])
  assert.ok(all.length > 30, `there are ${all.length}`)
  for (const name of all) {
    const adds = await commandsFor(name)
    assert.equal(adds.length, 1, `what "diarch ${name}" loads`)
    assert.ok(namesOf(adds).includes(name), `"diarch ${name}" loads ${namesOf(adds)}`)
  }
})

test('a word that is no command gets all of them, so that near ones can be named', async () => {
  const all = await commandsFor(undefined)
  assert.deepEqual(namesOf(await commandsFor('statsu')), namesOf(all))
})
