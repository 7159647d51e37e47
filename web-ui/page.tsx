import { App } from './app.tsx'
import { Login } from './pages/login.tsx'
import { Welcome } from './pages/welcome.tsx'
import { useSession } from './session.ts'

/** Who comes here: nobody can log in before setup, everybody has to afterwards. */
export function Page() {
  const control = useSession()
  switch (control.session.kind) {
    case 'user':
      return <App user={control.session.user} logOut={control.logOut} />
    case 'nobody':
      return <Login logIn={control.logIn} />
    default:
      return <Welcome isSetup={control.session.kind === 'setup'} />
  }
}
