import { render } from 'preact'
import { Page } from './page.tsx'

const place = document.getElementById('page')
if (place === null) throw new Error('index.html has no element with the id "page"')
place.replaceChildren()
render(<Page />, place)
