import { App } from './app.tsx'
import { Login } from './pages/login.tsx'
import { Welcome } from './pages/welcome.tsx'
import { useSession } from './session.ts'

/** Who comes here: nobody can log in before setup, everybody has to afterwards. */
export function Page() {
  const control = useSession()
  const { session } = control
  switch (session.kind) {
    case 'user':
      return <App user={session.user} control={control} />
    case 'nobody':
      return <Login logIn={control.logIn} ended={session.ended} />
    default:
      return <Welcome isSetup={session.kind === 'setup'} />
  }
}
