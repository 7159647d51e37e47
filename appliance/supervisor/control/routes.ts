import type { OperationDescription } from '../../api/operation.ts'
import { type OperationId, operationIds, operations } from '../../api/operations.ts'

export type Route = {
  readonly id: OperationId
  readonly description: OperationDescription
  /** What stands in the path for the names in braces. */
  readonly names: readonly string[]
}

/** As the configuration has names; a client may write a colon as `%3A`. */
const name = '((?:[\\w.:-]|%3A)+)'

const patterns = operationIds.map(id => {
  const description: OperationDescription = operations[id]
  const pattern = description.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, name)
  return { id, description, pattern: new RegExp(`^${pattern}$`) }
})

/** The operations of a path, whatever their methods. Names in words come before names in braces. */
export const routesOf = (path: string): readonly Route[] =>
  patterns.flatMap(({ id, description, pattern }) => {
    const match = pattern.exec(path)
    if (match === null) return []
    return [{ id, description, names: match.slice(1).map(each => each.replaceAll('%3A', ':')) }]
  })

export const allPaths = (): readonly string[] => [
  ...new Set(patterns.map(({ description }) => description.path)),
]
