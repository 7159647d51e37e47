/** Short work needs none. */
const quietFor = 1000

/** Says on a terminal what it waits for, and takes that away again. */
export async function withProgress<T>(text: string, work: Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return work
  let shown = false
  const timer = setTimeout(() => {
    shown = true
    process.stderr.write(`${text} ...`)
  }, quietFor)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    if (shown) process.stderr.write('\r\x1b[K')
  }
}
