import { readFileSync } from 'node:fs'
import { directorConfig } from '../config/director-config.ts'
import { parseDocument } from '../config/document.ts'
import { findingText } from '../config/finding.ts'
import { notifyConfig } from '../config/notify-config.ts'
import { routerConfigs } from '../config/router-configs.ts'
import { trackerConfigs } from '../config/tracker-configs.ts'
import type { DirectorConfig } from '../health/service-config.ts'
import type { RouterPlan } from './virtual-routers.ts'

export type ReadConfiguration =
  | { readonly kind: 'plan'; readonly plan: RouterPlan; readonly director: DirectorConfig }
  /** There is no file. */
  | { readonly kind: 'absent' }
  /** One line for each thing that is wrong. */
  | { readonly kind: 'refused'; readonly findings: readonly string[] }

export function readConfiguration(path: string): ReadConfiguration {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'refused', findings: [message] }
  }
  const parsed = parseDocument(text)
  if (parsed.kind === 'refused') {
    return { kind: 'refused', findings: parsed.findings.map(findingText) }
  }
  const { document } = parsed
  const plan = {
    routers: routerConfigs(document),
    trackers: trackerConfigs(document),
    notify: notifyConfig(document),
  }
  return { kind: 'plan', plan, director: directorConfig(document) }
}
