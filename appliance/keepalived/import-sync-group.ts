import { pathText } from '../config/path.ts'
import { notify } from './import-notify.ts'
import type { Handler, Json, Site, Table } from './import-site.ts'
import { hintFor, nameIn, readBlock } from './import-site.ts'
import { tracking } from './import-trackers.ts'
import { each, ignored, wordOf } from './import-words.ts'
import type { Entry } from './tree.ts'

type Group = {
  readonly site: Site
  readonly path: string
  readonly of: Json
  readonly members: string[]
  readonly track: Json[]
}

const table: Table<Group> = {
  ...(notify as Table<Group>),
  ...(tracking as Table<Group>),
  group: (entry, { site, path, members }) => {
    for (const line of [...(entry.block ?? []), ...inOneLine(entry)]) {
      for (const given of [line.keyword, ...line.words]) member(site, line, given, members)
      if (!site.notes.has(line)) site.notes.applied(line, `${path}.routers`)
    }
    return `${path}.routers`
  },
  ...each(
    'global_tracking sync_group_tracking_weight',
    ignored('a weight of a tracker counts for the member that has it'),
  ),
}

const inOneLine = (entry: Entry): readonly Entry[] =>
  entry.words.map(keyword => ({ ...entry, keyword, words: [], block: null }))

function member(site: Site, line: Entry, given: string, members: string[]): void {
  const name = site.routersHere.get(given)
  if (name !== undefined) {
    if (!members.includes(name)) members.push(name)
    return
  }
  const hint = hintFor(site, given, site.routersHere)
  site.notes.unsupported(line, `there is no vrrp_instance "${given}": ${hint}`)
}

export const syncGroup: Handler<{ readonly site: Site }> = (entry, { site }) => {
  const given = wordOf(entry)
  const name = nameIn(site.syncGroups, given)
  const path = pathText(['cluster', 'syncGroups', name])
  const hooks = site.hooks.length
  const to: Group = { site, path, of: { syncGroup: name }, members: [], track: [] }
  readBlock(entry.block ?? [], table, to)
  for (const routerName of to.members) shareTracks(site, routerName, to.track)
  if (to.track.length > 0) {
    site.notes.translated(entry, 'each of its routers tracks what the group tracks')
  }
  if (to.members.length >= 2) {
    site.syncGroups[name] = { routers: to.members }
    return path
  }
  const [only] = to.members
  const of = only === undefined ? {} : { router: only }
  for (const hook of site.hooks.slice(hooks)) {
    delete hook.syncGroup
    Object.assign(hook, of)
  }
  site.notes.translated(entry, 'a group of one is no group: its scripts are those of the router')
  return undefined
}

function shareTracks(site: Site, routerName: string, tracks: readonly Json[]): void {
  const router = site.routers[routerName]
  if (router === undefined || tracks.length === 0) return
  const own = (router.track ?? []) as readonly Json[]
  const others = tracks.filter(each => !own.some(({ tracker }) => tracker === each.tracker))
  router.track = [...own, ...others.map(each => ({ ...each }))]
}
