import { useEffect, useState } from 'preact/hooks'

/** The words of the address behind `#/`: `services`, `shop`. */
export type Route = readonly string[]

const routeNow = (): Route =>
  location.hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter(word => word !== '')
    .map(decodeURIComponent)

export const linkTo = (...words: readonly string[]): string =>
  `#/${words.map(encodeURIComponent).join('/')}`

export function useRoute(): Route {
  const [route, setRoute] = useState(routeNow)
  useEffect(() => {
    const changed = (): void => setRoute(routeNow())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return route
}
