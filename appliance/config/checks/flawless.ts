import type { Check, Document } from '../schema.ts'
import { wholeCheck } from '../whole-check.ts'
import type { WholeService } from '../whole-service.ts'

/** What there is beside a service that its own checks look at. */
type Beside = {
  readonly synchronized: boolean
  /** Those that it uses. */
  readonly checks: ReadonlyMap<string, Check | undefined>
}

const flawless = new WeakMap<WholeService, Beside>()

/** Services of which that is not known. Of a large document few change at a time. */
export const doubtful = (document: Document, services: readonly WholeService[]) =>
  services.filter(whole => {
    const beside = flawless.get(whole)
    return (
      beside === undefined ||
      beside.synchronized !== isSynchronized(document) ||
      [...beside.checks].some(([name, check]) => wholeCheck(document, name) !== check)
    )
  })

/** Nothing speaks against these, as long as what is beside them stays. */
export function remember(document: Document, services: readonly WholeService[]): void {
  for (const whole of services) {
    const lists = new Set([whole.uses ?? [], ...whole.servers.map(({ uses }) => uses)])
    const checks = new Map<string, Check | undefined>()
    for (const { use } of [...lists].flat()) checks.set(use.check, wholeCheck(document, use.check))
    flawless.set(whole, { synchronized: isSynchronized(document), checks })
  }
}

const isSynchronized = ({ cluster }: Document): boolean => cluster.director.sync !== null
