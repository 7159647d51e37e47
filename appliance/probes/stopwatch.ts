/** For people: `0.4 ms`, `12 ms`. Call what it returns. */
export function stopwatch(): () => string {
  const start = performance.now()
  return () => {
    const passed = performance.now() - start
    return `${passed < 10 ? passed.toFixed(1) : Math.round(passed)} ms`
  }
}
