import { importsOf } from './imports.ts'
import { type Finding, inFolder, isTypeScript, type Rule, type SourceFile } from './tree.ts'

/** The house, from the bottom up. Imports point down: processes -> shells -> pure. */
export const pureFolders = [
  'values',
  'status',
  'supervision',
  'boot',
  'vrrp',
  'ipvs',
  'health',
  'guard',
  'flight',
  'access',
  'api',
  'config',
  'keepalived',
  'pairing',
  'setup',
  'terminal',
  'alerting',
  'fencing',
  'mib',
  'metrics',
  'network',
]
export const shellFolders = ['linux', 'probes', 'store']
export const processFolders = [
  'supervisor',
  'vrrpd',
  'scripts',
  'director',
  'web',
  'pair',
  'alerts',
  'fence',
  'snmp',
  'console',
  'cli',
]

type Layer = 'pure' | 'shell' | 'process' | 'unknown'

/** `diarch run` is the supervisor, started by the command line in its own process. */
const startOfSupervisor = 'appliance/supervisor/supervisor.ts'

/** Null outside of appliance/. */
export function layerOf(path: string): Layer | null {
  const folder = applianceFolder(path)
  if (folder === null) return null
  if (pureFolders.includes(folder)) return 'pure'
  if (shellFolders.includes(folder)) return 'shell'
  return processFolders.includes(folder) ? 'process' : 'unknown'
}

export const applianceFolder = (path: string): string | null =>
  /^appliance\/([^/]+)\//.exec(path)?.[1] ?? null

export const direction: Rule = file => {
  if (!isTypeScript(file)) return []
  if (layerOf(file.path) === 'unknown' || /^appliance\/[^/]+$/.test(file.path)) {
    const why =
      'a folder of appliance/ is pure, a shell or a process: tests/house/layers.ts says which'
    return [{ path: file.path, line: 1, what: 'is in no layer', why }]
  }
  return importsOf(file).flatMap(({ from, target, typeOnly, line }): Finding[] => {
    const why = target === null ? packageRefusal(file, from) : refusal(file.path, target, typeOnly)
    return why === null ? [] : [{ path: file.path, line, what: `imports ${from}`, why }]
  })
}

function refusal(path: string, target: string, typeOnly: boolean): string | null {
  if (inFolder(path, 'appliance')) return applianceRefusal(path, target)
  if (inFolder(path, 'web-ui')) {
    if (inFolder(target, 'web-ui')) return null
    if (inFolder(target, 'appliance/status')) return null
    // What an import leaves in its place is the same by the page as by the command.
    if (target === 'appliance/config/beside-import.ts') return null
    if (typeOnly && ['api', 'config'].some(room => inFolder(target, `appliance/${room}`)))
      return null
    return 'the page runs in a browser: web-ui/, appliance/status, types of api and config'
  }
  const layer = layerOf(target)
  if (layer === null || typeOnly || inFolder(target, 'appliance/values')) return null
  if (inFolder(path, 'tests/lab')) {
    return 'a lab built of what it judges finds nothing: types and appliance/values only'
  }
  if (inFolder(path, 'image') || inFolder(path, 'rootfs')) {
    return layer === 'pure' ? null : 'the build takes only the pure parts of the appliance'
  }
  return null
}

function applianceRefusal(path: string, target: string): string | null {
  const [own, other] = [layerOf(path), layerOf(target)]
  if (other === null) return 'the appliance stands on nothing outside of appliance/'
  if (own === 'pure') {
    return other === 'pure' ? null : `pure code imports pure code only, and this is a ${other}`
  }
  if (other !== 'process') return null
  if (own === 'shell') return 'a shell serves processes, it does not know them'
  if (applianceFolder(path) === applianceFolder(target)) return null
  if (inFolder(path, 'appliance/cli') && target === startOfSupervisor) return null
  return 'processes talk over channels; what two of them need belongs in a shell or in pure code'
}

/** Packages of the browser. */
const pagePackages = /^(preact(\/.*)?|uplot)$/

function packageRefusal(file: SourceFile, from: string): string | null {
  if (!inFolder(file.path, 'web-ui') || pagePackages.test(from)) return null
  return 'the page is small: preact and uplot are all that it loads'
}
