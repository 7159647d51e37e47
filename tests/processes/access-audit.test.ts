import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type AuditEntry, auditEntrySchema } from '../../appliance/api/access-schema.ts'
import { roles } from '../../appliance/api/role.ts'
import { makeToken, makeUser, onBox, siteOfFile, visit } from './access-run.ts'

const site = await siteOfFile()
const headers: Record<string, Readonly<Record<string, string>>> = {}

before(async () => {
  await makeUser(site, 'anna', 'admin')
  for (const role of roles) headers[role] = await makeToken(site, `the-${role}`, role)
})

const audit = async (): Promise<readonly AuditEntry[]> => {
  const { body } = await visit(site, 'GET', '/api/v1/audit', { headers: headers.admin ?? {} })
  return body.entries as readonly AuditEntry[]
}

test('who changed what is written down, without what he sent', async () => {
  const bodyOfBen = { role: 'viewer', password: 'a secret of ben' }
  const asked = { headers: headers.admin ?? {}, body: bodyOfBen, from: '127.0.0.9' }
  await visit(site, 'PUT', '/api/v1/users/ben', asked)
  await visit(site, 'DELETE', '/api/v1/users/ben', { headers: headers.viewer ?? {} })
  const login = { user: 'x'.repeat(200), password: 'a secret of somebody' }
  await visit(site, 'POST', '/api/v1/session', { body: login, from: '127.0.0.8' })
  const [set, removal, failed] = (await audit()).slice(-3)
  assert.ok(set !== undefined && removal !== undefined && failed !== undefined)
  assert.deepEqual(
    [set.who, set.via, set.from, set.operation, set.names, set.outcome],
    ['the-admin', 'token', '127.0.0.9', 'setUser', { user: 'ben' }, 'done'],
  )
  const newest = await onBox(site, 'GET', '/api/v1/configuration')
  assert.equal(set.revision, (newest.body.revision as { number: number }).number)
  assert.deepEqual(
    [removal.who, removal.operation, removal.outcome],
    ['the-viewer', 'removeUser', 'not-allowed'],
  )
  assert.deepEqual(
    [failed.who, failed.from, failed.outcome, failed.tried],
    [null, '127.0.0.8', 'login-refused', 'x'.repeat(64)],
  )
  const files = ['audit.jsonl', 'audit-refused.jsonl'].map(name => join(site.stateDir, name))
  const kept = files.map(path => readFileSync(path, 'utf8')).join('')
  assert.doesNotMatch(kept, /a secret of/)
  for (const line of kept.trim().split('\n')) auditEntrySchema.parse(JSON.parse(line))
})

test('a flood of refusals is counted, not written down', async () => {
  for (let n = 0; n < 60; n++) {
    await visit(site, 'DELETE', '/api/v1/users/anna', { headers: headers.operator ?? {} })
  }
  const ofOperator = (await audit()).filter(({ who }) => who === 'the-operator')
  assert.ok(ofOperator.length < 40, `${ofOperator.length} lines`)
})

test('refusals push out nothing that was done', async () => {
  await onBox(site, 'PUT', '/api/v1/maintenance')
  for (let n = 0; n < 3; n++) await visit(site, 'POST', '/api/v1/checks')
  const path = join(site.stateDir, 'audit-refused.jsonl')
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  writeFileSync(path, `${lines.at(-1)}\n`.repeat(2000))
  const done = (await audit()).filter(({ outcome }) => outcome === 'done')
  assert.equal(done.at(-1)?.operation, 'startMaintenance')
  const deeds = readFileSync(join(site.stateDir, 'audit.jsonl'), 'utf8').trim().split('\n')
  for (const line of deeds) assert.equal(JSON.parse(line).outcome, 'done')
})

test('a line that a power cut has left unfinished harms no other', async () => {
  const path = join(site.stateDir, 'audit.jsonl')
  writeFileSync(path, '{"at":"2026-', { flag: 'a' })
  await onBox(site, 'DELETE', '/api/v1/maintenance')
  assert.equal((await audit()).at(-1)?.operation, 'endMaintenance')
})

test('a file that has grown becomes the older one', async () => {
  const path = join(site.stateDir, 'audit.jsonl')
  const [line = ''] = readFileSync(path, 'utf8').split('\n', 1)
  writeFileSync(join(site.stateDir, 'audit-refused.jsonl'), '')
  writeFileSync(path, `${line}\n`.repeat(Math.ceil((1024 * 1024) / line.length)))
  await onBox(site, 'DELETE', '/api/v1/maintenance')
  assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, 1)
  const entries = await audit()
  assert.equal(entries.length, 500)
  assert.equal(entries.at(-1)?.operation, 'endMaintenance')
})
