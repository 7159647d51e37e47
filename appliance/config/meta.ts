import type * as z from 'zod'

declare module 'zod' {
  interface GlobalMeta {
    /** What a value may be, `a whole number from 1 to 255`: refusals and the reference say it. */
    expected?: string
    /** keepalived's keywords for the same thing. */
    keepalived?: readonly string[]
    /** What holds without the key, where that depends on others. */
    otherwise?: string
    /** It is the name of one of these: `cluster.trackers`, or an interface of a box. */
    refersTo?: 'routers' | 'syncGroups' | 'trackers' | 'checks' | 'services' | 'interfaces'
  }
}

type About = { readonly keepalived?: readonly string[]; readonly otherwise?: string }

/** A key of an object, with what it means to an operator. */
export const key = <T extends z.ZodType>(schema: T, description: string, about: About = {}): T =>
  schema.meta({ description, ...about })
