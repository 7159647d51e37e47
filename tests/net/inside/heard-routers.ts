import { hearRouters } from '../../../appliance/supervisor/heard-routers.ts'
import { tell } from './tell.ts'

tell(await hearRouters())
