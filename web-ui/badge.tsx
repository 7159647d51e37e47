/** A state in a word; its colour says the same to those who see colours. */
export function Badge({ state }: { readonly state: string }) {
  return <span class={`badge ${tones[state] ?? 'neutral'}`}>{state}</span>
}

const tones: Readonly<Record<string, string>> = {
  MASTER: 'good',
  BACKUP: 'neutral',
  FAULT: 'bad',
  INIT: 'neutral',
  up: 'good',
  running: 'good',
  ok: 'good',
  down: 'bad',
  degraded: 'bad',
  'backing-off': 'bad',
  unknown: 'neutral',
  drained: 'warn',
  disabled: 'warn',
  draining: 'warn',
  starting: 'warn',
  'no-carrier': 'warn',
  missing: 'bad',
  maintenance: 'warn',
  'in-sync': 'good',
  joining: 'warn',
  behind: 'warn',
  alone: 'bad',
  conflict: 'bad',
}
