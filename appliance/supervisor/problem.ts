/** RFC 9457; `reason` is a token for scripts, `detail` says to people what to do. */
export type Problem = {
  readonly status: 400 | 404 | 405 | 409 | 422 | 500 | 503
  readonly reason: string
  readonly title: string
  readonly detail: string
}

export const problem = (
  status: Problem['status'],
  reason: string,
  title: string,
  detail: string,
): { readonly kind: 'problem'; readonly problem: Problem } => ({
  kind: 'problem',
  problem: { status, reason, title, detail },
})
