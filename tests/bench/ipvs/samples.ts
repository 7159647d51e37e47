/** Milliseconds, and numbers of operations, one of each round. */
export type Samples = {
  /** All into an empty table: read, plan, apply. */
  readonly own: readonly number[]
  readonly ipvsadm: readonly number[]
  /** Read, plan and apply with one weight changed. */
  readonly change: readonly number[]
  readonly changeOperations: readonly number[]
  readonly idle: readonly number[]
  readonly idleOperations: readonly number[]
}
