import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from './api.ts'

/** What the box answers, asked again and again while it is shown; and why it does not. */
export function useAsked<T>(path: string, everyMs: number): readonly [T | null, string] {
  const [value, setValue] = useState<T | null>(null)
  const [why, setWhy] = useState('')
  useEffect(() => {
    let timer = 0
    let ended = false
    const look = async (): Promise<void> => {
      const found = await ask<T>('GET', path).then(
        answer => ({ answer, why: '' }),
        (error: unknown) => ({ answer: null, why: textOf(error) }),
      )
      if (ended) return
      if (found.answer !== null) setValue(() => found.answer)
      setWhy(found.why)
      timer = window.setTimeout(() => void look(), everyMs)
    }
    setValue(null)
    setWhy('')
    void look()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [path, everyMs])
  return [value, why]
}
