import { InvalidArgumentError } from 'commander'

export const isNumber = (text: string): boolean => /^\d{1,15}$/.test(text)

export function revisionNumber(text: string): number {
  if (isNumber(text)) return Number(text)
  throw new InvalidArgumentError(
    'Expected the number of a revision; "diarch config history" lists them.',
  )
}
