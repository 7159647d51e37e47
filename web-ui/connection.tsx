import type { Live } from './live.ts'

const words = { connecting: 'Connecting', live: 'Live', lost: 'No connection' } as const

export function Connection({ live }: { readonly live: Live }) {
  return (
    <p class={`connection ${live.connection}`} role="status">
      <span class="dot" aria-hidden="true" />
      {words[live.connection]}
    </p>
  )
}
