import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './design/global.css'
import { createRoot } from 'react-dom/client'
import { Console } from './console.tsx'
import { watchPrinting } from './design/printing.ts'

const place = document.getElementById('console')
if (place === null) throw new Error('The page has no place for the console.')
watchPrinting()
createRoot(place).render(<Console />)
