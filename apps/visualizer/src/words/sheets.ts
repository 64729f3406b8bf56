/** Sheets of Live that few visits need: their words are fetched with them. */
import { words } from './en/sheets.ts'
import { section } from './section.ts'

export const sheets = section(words, { de: () => import('./de/sheets.ts') })
