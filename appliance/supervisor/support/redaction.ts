import { splitSecrets } from '../../config/secrets.ts'

/** Shorter ones would make holes everywhere, and stand in no file but the configuration's. */
const shortest = 4
const instead = '(secret)'

/**
 * Nothing that goes into a bundle should have a secret in it; a program's output may. What the
 * configuration knows as one is taken out of every text, also as JSON writes it.
 */
export function redaction(whole: unknown): (text: string) => string {
  const { secrets } = splitSecrets(whole)
  const words = Object.values(secrets)
    .filter(secret => secret.length >= shortest)
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)])
    // One may be the beginning of another.
    .sort((a, b) => b.length - a.length)
  return text => words.reduce((rest, word) => rest.replaceAll(word, instead), text)
}
