import { nextAfter, type ObjectTree, valueAt } from './object-tree.ts'
import type { Oid } from './oid.ts'
import { errorStatus, type Reply, type Request, type Variable, variableBytes } from './pdu.ts'

/** Of one answer. */
export type Bounds = {
  /** All variables together. */
  readonly bytes: number
  /** Of GETBULK, whatever it asks for. */
  readonly repetitions: number
}

/** RFC 3416 4.2. Nothing can be changed: every SET is refused. */
export function answerTo(request: Request, tree: ObjectTree, bounds: Bounds): Reply {
  const { id, kind, names } = request
  switch (kind) {
    case 'set':
      return failed(id, errorStatus.notWritable, names.length === 0 ? 0 : 1)
    case 'get': {
      return fitting(
        id,
        names.map(name => ({ name, value: valueAt(tree, name) })),
        bounds,
      )
    }
    case 'getNext':
      return fitting(
        id,
        names.map(name => following(tree, name)),
        bounds,
      )
    case 'getBulk':
      return bulk(request, tree, bounds)
  }
}

function bulk(request: Request, tree: ObjectTree, bounds: Bounds): Reply {
  const { id, names, nonRepeaters, maxRepetitions } = request
  const variables: Uint8Array[] = []
  let size = 0
  /** False: it does not fit, and what was found so far is the answer. */
  const put = (variable: Variable): boolean => {
    const bytes = variableBytes(variable)
    if (size + bytes.length > bounds.bytes) return false
    size += bytes.length
    variables.push(bytes)
    return true
  }
  const done = { id, error: errorStatus.noError, errorIndex: 0, variables }
  for (const name of names.slice(0, nonRepeaters)) {
    if (!put(following(tree, name))) return variables.length === 0 ? tooBig(id) : done
  }
  let repeating = names.slice(nonRepeaters)
  const times = Math.min(maxRepetitions, bounds.repetitions)
  for (let time = 0; time < times && repeating.length > 0; time += 1) {
    const found = repeating.map(name => following(tree, name))
    for (const variable of found) {
      if (!put(variable)) return variables.length === 0 ? tooBig(id) : done
    }
    if (found.every(({ value }) => value.type === 'end-of-view')) break
    repeating = found.map(({ name }) => name)
  }
  return done
}

const following = (tree: ObjectTree, name: Oid): Variable =>
  nextAfter(tree, name) ?? { name, value: { type: 'end-of-view' } }

function fitting(id: number, variables: readonly Variable[], bounds: Bounds): Reply {
  const bytes = variables.map(variableBytes)
  const size = bytes.reduce((sum, { length }) => sum + length, 0)
  if (size > bounds.bytes) return tooBig(id)
  return { id, error: errorStatus.noError, errorIndex: 0, variables: bytes }
}

const failed = (id: number, error: number, errorIndex: number): Reply => {
  return { id, error, errorIndex, variables: [] }
}

const tooBig = (id: number): Reply => failed(id, errorStatus.tooBig, 0)
