/** What cannot be called back goes on behind our back; nobody waits for it. */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T | 'aborted'> {
  if (signal.aborted) return 'aborted'
  let onAbort = (): void => {}
  const aborted = new Promise<'aborted'>(resolve => {
    onAbort = () => resolve('aborted')
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
