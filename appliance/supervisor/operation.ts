import type { Control } from './control.ts'
import type { Problem } from './problem.ts'

export type Answer =
  | { readonly kind: 'json'; readonly status: 200 | 202; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'stream' }

export type Operation = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Its groups are the names that the path carries. */
  readonly path: RegExp
  /** For people. */
  readonly shown: string
  readonly perform: (
    control: Control,
    names: readonly string[],
    body: unknown,
  ) => Answer | Promise<Answer>
}

/** As the configuration has them; a client may write a colon as `%3A`. */
const name = '((?:[\\w.:-]|%3A)+)'

/** A path with a NAME in it, or several. */
export const on = (shown: string): Pick<Operation, 'path' | 'shown'> => ({
  shown,
  path: new RegExp(`^${shown.replaceAll('.', '\\.').replaceAll('NAME', name)}$`),
})

export const json = (value: unknown, status: 200 | 202 = 200): Answer => ({
  kind: 'json',
  status,
  value,
})
