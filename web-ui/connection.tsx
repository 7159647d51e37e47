export type ConnectionState = 'connecting' | 'live' | 'lost'

const words = { connecting: 'Connecting', live: 'Live', lost: 'No connection' } as const

export function Connection({ state }: { readonly state: ConnectionState }) {
  return (
    <p class={`connection ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {words[state]}
    </p>
  )
}
