/** Prometheus' text format, version 0.0.4. */

export type Labels = Readonly<Record<string, string>>
export type Sample = { readonly labels: Labels; readonly value: number }

export type Family = {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly samples: readonly Sample[]
}

export const gauge = (name: string, help: string, samples: readonly Sample[]): Family => {
  return { name, type: 'gauge', help, samples }
}

export const counter = (name: string, help: string, samples: readonly Sample[]): Family => {
  return { name, type: 'counter', help, samples }
}

export const one = (value: number, labels: Labels = {}): readonly Sample[] => [{ labels, value }]

/**
 * One sample for each of the states, 1 for the one that is: what dashboards can count and join. A
 * state that is missing in the list does not compile.
 */
export const stateSamples = <S extends string>(
  states: readonly S[],
  is: NoInfer<S>,
  labels: Labels,
): readonly Sample[] =>
  states.map(state => ({ labels: { ...labels, state }, value: state === is ? 1 : 0 }))

/** A family without samples is left out. */
export const exposition = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(family => [...heading(family), ...family.samples.map(each => line(family, each))])
    .map(text => `${text}\n`)
    .join('')

const heading = ({ name, type, help }: Family): readonly string[] => [
  `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
  `# TYPE ${name} ${type}`,
]

function line({ name }: Family, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
